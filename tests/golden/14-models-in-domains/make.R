# Models and tables by domain, on replicate and post-stratified designs, and edges: one PSU, nobody, weights of 0.
source("../reference.R")
suppressMessages(library(numDeriv)); data(api)
plan$categories <- I(c("stype", "awards", "comp.imp", "sch.wide", "band"))
keep <- c("snum", "dnum", "stype", "awards", "comp.imp", "sch.wide", "api00", "api99", "enroll", "meals", "ell", "pw", "fpc1", "fpc2")
k <- apiclus2[, keep]; k$band <- ifelse(k$api00 > 750, "10", ifelse(k$api00 > 600, "9", "2"))
k$zero <- ifelse(k$stype == "H", 0, k$pw); k$rare <- ifelse(seq_len(nrow(k)) %in% c(5), 1, NA); k$lone <- ifelse(k$dnum == k$dnum[10], "here", "there")
k$enroll[k$stype == "M"] <- NA
set.seed(99); boot <- as.svrepdesign(svydesign(id = ~dnum, weights = ~pw, data = k), type = "subbootstrap", replicates = 60, compress = FALSE)
F <- paste0("b", 1:60); factors <- as.matrix(boot$repweights); colnames(factors) <- F
k$grade <- 1 + (k$api00 > 600) + (k$api00 > 750)
k <- through_file(cbind(k, factors), "data.csv", "band")
none <- I(character())
lin <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, weights = ~pw, data = k)
rep <- svrepdesign(data = k, weights = ~pw, repweights = k[, F], type = "bootstrap", combined.weights = FALSE, scale = 1 / 59, rscales = rep(1, 60))
post <- calibrate(svydesign(id = ~dnum, weights = ~pw, data = k), ~stype, c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018), epsilon = 1e-12)
zero <- svydesign(id = ~dnum, weights = ~zero, data = k)
design("two stages", weights = "pw", strata = none, clusters = c("dnum", "snum"), fpc = c("fpc1", "fpc2"))
design("bootstrap", weights = "pw", strata = none, clusters = I("dnum"), fpc = none, replicates = list(method = "bootstrap", columns = F, combined = FALSE))
design("post-stratified", weights = "pw", strata = none, clusters = I("dnum"), fpc = none, adjust = list(method = "poststratify", variables = I("stype"), totals = list(E = 4421, H = 755, M = 1018)))
design("weights of 0", weights = "zero", strata = none, clusters = I("dnum"), fpc = none)
made <- list(`two stages` = lin, bootstrap = rep, `post-stratified` = post)
model_answer <- function(formula, sub, family) {
  form <- as.formula(formula); .kind <<- switch(family, gaussian = gaussian(), binomial = quasibinomial(), poisson = quasipoisson()); .tight <<- glm.control(epsilon = 1e-15, maxit = 100)
  sub <- sub[weights(sub, "sampling") > 0, ]
  sub$variables <- droplevels(sub$variables)
  m <- svyglm(form, sub, family = .kind, control = .tight); .start <<- as.numeric(coef(m))
  if (family != "gaussian") m <- svyglm(form, sub, family = .kind, control = .tight, start = .start)
  b <- as.numeric(coef(m)); se <- as.numeric(SE(m)); df <- domain_df(sub) - (length(b) - 1)
  list(terms = I(gsub("`", "", names(coef(m)))), coef = I(b), se = I(se), t = I(b / se), p = I(2 * pt(-abs(b / se), df)), vcov = unname(as.matrix(vcov(m))), df_residual = df, n = rows(sub))
}
for (name in names(made)) {
  d <- made[[name]]
  ask(paste("regression by awards,", name), name, "regression", by_cells(d, "awards", function(s) model_answer("api00 ~ ell + meals", s, "gaussian")), formula = "api00 ~ ell + meals", family = "gaussian", by = I("awards"))
  ask(paste("binomial,", name), name, "regression", model_answer("comp.imp ~ ell + meals", d, "binomial"), formula = "`comp.imp` ~ ell + meals", family = "binomial")
  ask(paste("poisson,", name), name, "regression", model_answer("api00 ~ stype + ell", d, "poisson"), formula = "api00 ~ stype + ell", family = "poisson")
  ask(paste("numbers read as text are a factor,", name), name, "regression", model_answer("api00 ~ band", d, "gaussian"), formula = "api00 ~ band", family = "gaussian")
  for (kind in c("F", "Chisq")) {
    x <- function(s) { v <- svychisq(~stype + band, s[weights(s, "sampling") > 0, ], statistic = kind); p <- as.numeric(v$parameter); out <- list(statistic = as.numeric(v$statistic), p = as.numeric(v$p.value))
      if (!inherits(s, "svyrep.design")) out$df <- if (length(p) > 1) I(p) else p
      if (!is.null(s$postStrata)) {   # R counts the rows a calibrated design keeps with weight 0: the contract's are the table's
        out$statistic <- if (kind == "F") out$statistic else out$statistic * rows(s) / nrow(s$variables)
        if (kind == "F") { p[2] <- p[1] * domain_df(s); out$df <- I(p); out$p <- pf(out$statistic, p[1], p[2], lower.tail = FALSE) }
      }
      out }
    ask(paste("independence by comp.imp,", kind, name), name, "independence", by_cells(d, "comp.imp", x), rows = "stype", columns = "band", kind = kind, by = I("comp.imp"))
  }
  m <- svyglm(api00 ~ stype + ell, d); t <- regTermTest(m, ~stype); df <- domain_df(d) - 3
  ask(paste("wald,", name), name, "wald", list(F = as.numeric(t$Ftest), df1 = t$df, df2 = df, p = as.numeric(pf(t$Ftest, t$df, df, lower.tail = FALSE))), formula = "api00 ~ stype + ell", family = "gaussian", terms = I("stype"))
}
# proportional odds refitted in every replicate, by Newton's method on the numeric derivative of the analytic scores
odds_scores <- function(par, X, y, w) { q <- max(y) - 1
  beta <- par[seq_len(ncol(X))]; cuts <- c(-Inf, par[-seq_len(ncol(X))], Inf); eta <- drop(X %*% beta)
  a <- plogis(cuts[y + 1] - eta); b <- plogis(cuts[y] - eta); fa <- a * (1 - a); fb <- b * (1 - b); p <- a - b
  c(colSums(-X * (w * (fa - fb) / p)), sapply(seq_len(q), function(j) sum(w * ((y == j) * fa - (y == j + 1) * fb) / p))) / sum(w) }
odds <- function(w, start) { par <- start; for (i in 1:12) par <- par - solve(jacobian(odds_scores, par, X = X, y = y, w = w), odds_scores(par, X, y, w)); par }
y <- 1 + (k$api00 > 600) + (k$api00 > 750); k$grade <- y; X <- as.matrix(k[, c("ell", "meals")])
start <- svyolr(factor(y) ~ ell + meals, svydesign(id = ~dnum, weights = ~pw, data = cbind(k, y = y)))
top <- odds(k$pw, c(start$coefficients, start$zeta)); thetas <- t(apply(k$pw * as.matrix(k[, F]), 2, odds, start = top))
V <- crossprod(sweep(thetas, 2, colMeans(thetas))) / 59; se <- as.list(sqrt(diag(V))); names(se) <- c("ell", "meals", "1|2", "2|3")
ask("ordinal, bootstrap", "bootstrap", "ordinal", list(coef = as.list(setNames(top[1:2], c("ell", "meals"))), cuts = as.list(setNames(top[3:4], c("1|2", "2|3"))), se = se), formula = "grade ~ ell + meals")

# a crossed table by domain; under the rule "fail" a domain in a stratum with one PSU has an error, the others answers
tables <- function(d) unlist(lapply(c("No", "Yes"), function(p) { s <- d[as.character(d$variables$comp.imp) == p, ]
  unlist(lapply(c("E", "H", "M"), function(a) lapply(c("2", "9", "10"), function(b) {
    s$variables$.in <- as.numeric(s$variables$stype == a & s$variables$band == b); m <- svymean(~.in, s)
    list(domain = list(comp.imp = p), stype = a, band = b, total = sum(weights(s) * s$variables$.in), share = as.numeric(coef(m)), se = as.numeric(SE(m))) })), recursive = FALSE) }), recursive = FALSE)
ask("crosstab by comp.imp", "two stages", "crosstab", list(cells = tables(lin)), rows = "stype", columns = "band", by = I("comp.imp"))
k$stratum <- ifelse(k$dnum == k$dnum[10], "alone", "others"); k$alone <- ifelse(k$stratum == "alone", "yes", "no"); k <- through_file(k, "data.csv", "band")
plan$designs$`one alone` <- list(weights = "pw", strata = I("stratum"), clusters = I("dnum"), fpc = none)
ask("crosstab: an error stays in its domain", "one alone", "crosstab", list(cells = c(list(list(domain = list(alone = "yes"), error = TRUE)), unlist(lapply(c("E", "H", "M"), function(a) lapply(c("2", "9", "10"), function(b) {
  v <- k[k$alone == "no", ]; n <- sum(v$pw[v$stype == a & v$band == b]); list(domain = list(alone = "no"), stype = a, band = b, total = n, share = n / sum(v$pw)) })), recursive = FALSE))), rows = "stype", columns = "band", by = I("alone"))
ask("independence: an error stays in its domain", "one alone", "independence", list(cells = list(list(domain = list(alone = "yes"), error = TRUE), list(domain = list(alone = "no")))), rows = "comp.imp", columns = "band", kind = "F", by = I("alone"))
ask("regression: an error stays in its domain", "one alone", "regression", list(cells = list(list(domain = list(alone = "yes"), error = TRUE), list(domain = list(alone = "no")))), formula = "api00 ~ ell", family = "gaussian", by = I("alone"))

# edges
nobody <- list(n = 0, estimate = NULL, reason = "no data", ci = NULL)
ask("a domain nobody answered in has no mean", "two stages", "mean", list(cells = c(by_cells(lin[k$stype != "M", ], "stype", function(s) { s <- answered(s, "enroll"); cell(svymean(~enroll, s, deff = "replace"), s, rows(s)) })$cells,
    list(c(list(domain = list(stype = "M")), nobody)))), y = "enroll", by = I("stype"))
ask("a domain nobody answered in has no total", "two stages", "total", list(cells = list(c(list(domain = list(stype = "M")), nobody), list(domain = list(stype = "E")), list(domain = list(stype = "H")))), y = "enroll", by = I("stype"))
ask("one PSU: estimate and se but no interval", "two stages", "mean", list(cells = list(
  c(list(domain = list(lone = "here")), with(list(s = svymean(~api00, lin[k$lone == "here", ])), list(estimate = as.numeric(coef(s)), se = as.numeric(SE(s)), ci = NULL, quality = "suppress", reason = "one sampling unit"))),
  list(domain = list(lone = "there")))), y = "api00", by = I("lone"))
ask("one row: estimate, no interval", "two stages", "mean", list(estimate = 1, n = 1, ci = NULL, quality = "suppress"), y = "rare")
sub <- zero[k$zero > 0, ]
ask("a domain whose weights are all 0", "weights of 0", "mean", list(cells = list(list(domain = list(stype = "H"), estimate = NULL, ci = NULL),
   c(list(domain = list(stype = "E")), (function(s) cell(svymean(~api00, s), s, sum(k$stype == "E")))(zero[k$stype == "E", ])), list(domain = list(stype = "M")))), y = "api00", by = I("stype"))
ask("a total of weights that are all 0", "weights of 0", "total", list(cells = list(list(domain = list(stype = "H"), estimate = 0), list(domain = list(stype = "E")), list(domain = list(stype = "M")))), y = "api00", by = I("stype"))
one <- k; share <- function(v) svydesign(id = ~dnum, weights = ~pw, data = k)
kg <- share_intervals(1, 0, nrow(k), length(unique(k$dnum)) - 1)$korn_graubard
plan$designs$`one stage` <- list(weights = "pw", strata = none, clusters = I("dnum"), fpc = none)
ask("a share of 1 has Korn and Graubard's interval", "one stage", "proportion", list(estimate = 1, se = 0, n = nrow(k), intervals = list(korn_graubard = kg), ci = kg, quality = "caution"), where = list(column = "api00", at_least = 0))
kg0 <- share_intervals(0, 0, nrow(k), length(unique(k$dnum)) - 1)$korn_graubard
ask("a share of 0 has Korn and Graubard's interval", "one stage", "proportion", list(estimate = 0, se = 0, n = nrow(k), intervals = list(korn_graubard = kg0), ci = kg0, quality = "caution"), where = list(column = "api00", at_least = 5000))
for (wrong in list(
  list("a column the data has not", "one stage", "mean", y = "api0"), list("a statistic there is not", "one stage", "median", y = "api00"),
  list("a design there is not", "two", "mean", y = "api00"), list("text as numbers", "one stage", "mean", y = "stype"),
  list("a level there is not", "one stage", "difference", y = "api00", by = I("stype"), plus = "K", minus = "E"),
  list("a formula with a column there is not", "one stage", "regression", formula = "api00 ~ el", family = "gaussian"),
  list("a family there is not", "one stage", "regression", formula = "api00 ~ ell", family = "gamma"),
  list("text on the left of a gaussian model", "one stage", "regression", formula = "stype ~ ell", family = "gaussian"),
  list("a term there is not", "one stage", "wald", formula = "api00 ~ ell", family = "gaussian", terms = I("meals")),
  list("an outcome that a regressor separates", "one stage", "regression", formula = "I(ell > 20) ~ ell", family = "binomial"),
  list("a table with one level", "one stage", "independence", rows = "stype", columns = "rare", kind = "F")))
  do.call(ask, c(list(paste0("refused: ", wrong[[1]]), wrong[[2]], wrong[[3]], list(error = TRUE)), wrong[-(1:3)]))
finish()
