# What is no ask of a plan: standardised coefficients, comparisons with the whole, response classes, participation weights.
# Standardised coefficients are differentiated numerically by the weights (numDeriv), which gives their linearisation
# independently of any algebra; svytotal() of it gives the variance.
source("../reference.R")
suppressMessages(library(numDeriv)); data(api)
k <- apiclus1[, c("snum", "dnum", "stype", "awards", "api00", "ell", "meals", "mobility", "pw")]
k$meals[c(3, 40, 77)] <- NA
k <- through_file(k, "data.csv")
out <- list()

whole <- complete.cases(k[, c("api00", "ell", "meals", "mobility")]); v <- k[whole, ]
theta <- function(w) {
  X <- as.matrix(v[, c("ell", "meals", "mobility")]); m <- lm.wfit(cbind(1, X), v$api00, w)
  sd <- function(x) sqrt(sum(w * (x - sum(w * x) / sum(w))^2) / sum(w))
  m$coefficients[-1] * apply(X, 2, sd) / sd(v$api00)
}
z <- matrix(0, nrow(k), 3); z[whole, ] <- t(jacobian(theta, v$pw)); colnames(z) <- c("z1", "z2", "z3")
d <- svydesign(id = ~dnum, weights = ~pw, data = cbind(k, z)); t <- svytotal(~z1 + z2 + z3, d)
b <- theta(v$pw); se <- as.numeric(SE(t)); df <- length(unique(v$dnum)) - 1 - 2
out$drivers <- list(names = c("ell", "meals", "mobility"), coefficient = as.numeric(b), se = se, df = df, p = as.numeric(2 * pt(-abs(b / se), df)),
                    low = as.numeric(b - qt(0.975, df) * se), high = as.numeric(b + qt(0.975, df) * se))

# each school type less all schools
y <- k$api00; S <- sapply(c("E", "H", "M"), function(s) as.numeric(k$stype == s)); colnames(S) <- paste0("n", 1:3)
Y <- S * y; colnames(Y) <- paste0("y", 1:3)
d <- svydesign(id = ~dnum, weights = ~pw, data = cbind(k, S, Y)); t <- svytotal(~y1 + y2 + y3 + n1 + n2 + n3, d)
gap <- function(t) t[1:3] / t[4:6] - sum(t[1:3]) / sum(t[4:6])
J <- jacobian(gap, coef(t)); est <- as.numeric(gap(coef(t))); se <- sqrt(diag(J %*% vcov(t) %*% t(J))); df <- 14
p <- 2 * pt(-abs(est / se), df)
out$comparisons <- list(estimate = est, se = se, df = df, p = p, holm = p.adjust(p, "holm"), bonferroni = p.adjust(p, "bonferroni"), fdr_bh = p.adjust(p, "BH"))

# response of communities: glm on counts
set.seed(3)
c1 <- data.frame(invited = rpois(30, 40) + 5, old = round(runif(30), 3)); c1$answered <- rbinom(30, c1$invited, plogis(-1 + 1.5 * c1$old))
c1 <- through_file(c1, "communities.csv")
m <- glm(cbind(answered, invited - answered) ~ old, binomial, data = c1, control = glm.control(epsilon = 1e-15, maxit = 100))
out$response <- list(propensity = as.numeric(fitted(m)))

# participation (Chen, Li and Wu 2020): apistrat as reference, the larger half of apisrs as volunteers
pop <- apipop; vol <- apisrs[apisrs$api00 > 600, ]; ref <- apistrat
A <- model.matrix(~stype + I(meals / 100), vol); B <- model.matrix(~stype + I(meals / 100), ref); w <- ref$pw
score <- function(b) colSums(A) - colSums(w * plogis(drop(B %*% b)) * B)
b <- c(qlogis(nrow(A) / sum(w)), 0, 0, 0); for (i in 1:60) b <- b - solve(jacobian(score, b), score(b))
vols <- through_file(data.frame(type = vol$stype, meals = vol$meals), "volunteers.csv"); refs <- through_file(data.frame(type = ref$stype, meals = ref$meals, pw = w), "reference.csv")
out$participation <- list(weights = as.numeric(1 / plogis(drop(A %*% b))))
write_json(out, "reference.json", auto_unbox = TRUE, digits = I(17), pretty = 1)
