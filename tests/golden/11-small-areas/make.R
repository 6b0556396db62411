# Fay and Herriot's model from first principles: the (restricted) likelihood is maximised by optimize() on a fine interval,
# the mean squared errors follow Datta and Lahiri (2000) and Datta, Rao and Smith (2005). Areas: counties of apipop as
# sampled in apisrs and apistrat together (direct means with their standard errors), and hospital levels far apart.
source("../reference.R")
data(api)
fay_herriot <- function(y, D, X, method) {
  gls <- function(A) { V <- diag(A + D); W <- solve(V); Q <- solve(t(X) %*% W %*% X); b <- Q %*% t(X) %*% W %*% y; list(W = W, Q = Q, b = b, r = y - X %*% b) }
  minus2 <- function(A) { g <- gls(A); out <- sum(log(A + D)) + as.numeric(t(g$r) %*% g$W %*% g$r); if (method == "REML") out <- out - as.numeric(determinant(g$Q)$modulus); out }
  slope <- function(A) { # derivative of -2 log-likelihood, for the last digits
    g <- gls(A); P <- g$W - g$W %*% X %*% g$Q %*% t(X) %*% g$W
    (if (method == "REML") sum(diag(P)) else sum(diag(g$W))) - as.numeric(t(P %*% y) %*% (P %*% y)) }
  top <- optimize(minus2, c(0, 20 * var(y)))$minimum
  A <- if (slope(0) >= 0) 0 else uniroot(slope, c(top / 2, top * 2), tol = 1e-16 * top, maxiter = 10000)$root
  if (A > 0) for (i in 1:4) { h <- A * 1e-5; A <- A - slope(A) * 2 * h / (slope(A + h) - slope(A - h)) }
  g <- gls(A); B <- D / (A + D); info <- sum(1 / (A + D)^2)
  g1 <- A * D / (A + D); g2 <- B^2 * diag(X %*% g$Q %*% t(X)); g3 <- B^2 * (2 / info) / (A + D)
  mse <- g1 + g2 + 2 * g3
  if (method == "ML") mse <- mse - B^2 * (-sum(diag(g$Q %*% (t(X) %*% g$W %*% g$W %*% X))) / info)
  list(area_variance = A, coef = I(as.numeric(g$b)), coef_se = I(sqrt(diag(g$Q))), eblup = as.numeric(X %*% g$b + (A / (A + D)) * g$r), mse = as.numeric(mse))
}
s <- rbind(apisrs[, c("cname", "api00", "meals", "ell")], apistrat[, c("cname", "api00", "meals", "ell")])
few <- names(which(table(s$cname) >= 3)); area <- data.frame(cname = few)
area$n <- as.numeric(table(s$cname)[few]); area$y <- tapply(s$api00, s$cname, mean)[few]; area$se <- tapply(s$api00, s$cname, sd)[few] / sqrt(area$n)
area$meals <- tapply(apipop$meals, apipop$cname, mean)[few]; area$`ell.mean` <- tapply(apipop$ell, apipop$cname, mean)[few]
area$size <- ifelse(tapply(apipop$enroll, apipop$cname, length)[few] > 150, "large", "small")
area <- through_file(area, "data.csv")
for (method in c("REML", "ML")) for (r in c("meals", "meals + `ell.mean`", "1", "size * meals", "meals + `ell.mean` - 1")) {
  X <- model.matrix(as.formula(paste("~", r)), area)
  ask(paste("counties,", r, method), NULL, "small_area", fay_herriot(area$y, area$se^2, X, method), y = "y", se = "se", regressors = r, method = method)
}
# standard errors so large that nothing is left for the areas: a variance of 0
area$wide <- area$se * 20
area <- through_file(area, "data.csv")
for (method in c("REML", "ML")) ask(paste("no variance between areas,", method), NULL, "small_area",
  fay_herriot(area$y, area$wide^2, model.matrix(~meals, area), method), y = "y", se = "wide", regressors = "~ meals", method = method)
finish()
