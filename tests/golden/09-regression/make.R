# Regression, proportional odds and Wald tests. glm() stops when the deviance moves less than 1e-8 and takes the bread of
# its sandwich one step before: epsilon = 1e-15 takes it to the solution. svyolr() has a numeric Hessian, good to about
# five digits: here Newton's method goes to the top and the Hessian is Richardson's derivative of the analytic gradient.
source("../reference.R")
suppressMessages(library(numDeriv)); data(api); data(nhanes)
plan$categories <- I(c("stype", "awards", "comp.imp", "sch.wide", "sample"))
keep <- c("snum", "dnum", "stype", "awards", "comp.imp", "sch.wide", "api00", "api99", "api.stu", "enroll", "meals", "ell", "mobility", "pw", "fpc")
both <- rbind(cbind(apiclus1[, keep], sample = "clus1"), cbind(apistrat[, keep], sample = "strat"))
both$mobility[seq(7, nrow(both), 19)] <- NA; both$`parent.edu` <- ifelse(both$ell > 60, "low", ifelse(both$ell > 20, "middle", "high"))
both$`parent.edu`[seq(4, nrow(both), 23)] <- NA
both$grade <- 1 + (both$api00 > 520) + (both$api00 > 650) + (both$api00 > 780)
both <- through_file(both, "data.csv")
part <- function(s) both[both$sample == s, ]
none <- I(character()); from <- function(s) list(column = "sample", equals = s)
margins <- list(list(variables = I("stype"), totals = list(E = 4421, H = 755, M = 1018)), list(variables = I("awards"), totals = list(No = 2027, Yes = 4167)))
clus1 <- svydesign(id = ~dnum, weights = ~pw, data = part("clus1"))
designs <- list(clus1 = clus1, strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = part("strat")),
  raked = calibrate(clus1, ~stype + awards, c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, awardsYes = 4167), calfun = "raking", epsilon = 1e-12, maxit = 500))
design("clus1", rows = from("clus1"), weights = "pw", strata = none, clusters = I("dnum"), fpc = none)
design("strat", rows = from("strat"), weights = "pw", strata = I("stype"), clusters = none, fpc = I("fpc"))
design("raked", rows = from("clus1"), weights = "pw", strata = none, clusters = I("dnum"), fpc = none, adjust = list(method = "rake", margins = margins, tolerance = 1e-12))

# C() is patsy's word for factor()
fit <- function(formula, d, family) {
  form <- as.formula(gsub("\\bC\\(", "factor(", formula)); sub <- answered(d, all.vars(form))
  .kind <<- switch(family, gaussian = gaussian(), binomial = quasibinomial(), poisson = quasipoisson())
  .tight <<- glm.control(epsilon = 1e-15, maxit = 100)
  first <- svyglm(form, sub, control = .tight, family = .kind)
  if (family == "gaussian") return(first)
  .start <<- as.numeric(coef(first))
  svyglm(form, sub, start = .start, control = .tight, family = .kind)   # now the bread is at the solution too
}
fit_answer <- function(m, sub) {
  b <- as.numeric(coef(m)); se <- as.numeric(SE(m)); df <- domain_df(sub) - (length(b) - 1)
  list(terms = I(gsub("factor(", "C(", gsub("`", "", names(coef(m))), fixed = TRUE)), coef = I(b), se = I(se), t = I(b / se), p = I(2 * pt(-abs(b / se), df)),
       vcov = unname(as.matrix(vcov(m))), df_residual = df, n = rows(sub))
}
ask_regression <- function(id, name, formula, family) {
  sub <- answered(designs[[name]], all.vars(as.formula(formula)))
  ask(paste0(id, ", ", name), name, "regression", fit_answer(fit(formula, designs[[name]], family), sub), formula = formula, family = family)
}
ask_wald <- function(id, name, formula, family, terms) {
  m <- fit(formula, designs[[name]], family); t <- regTermTest(m, as.formula(paste("~", paste(terms, collapse = "+"))))
  df <- domain_df(answered(designs[[name]], all.vars(as.formula(formula)))) - (length(coef(m)) - 1)
  ask(paste0(id, ", ", name), name, "wald", list(F = as.numeric(t$Ftest), df1 = t$df, df2 = df, p = as.numeric(pf(t$Ftest, t$df, df, lower.tail = FALSE))),
      formula = formula, family = family, terms = I(gsub("`", "", terms)))
}
wide <- 'I(`sch.wide` == "Yes") ~ ell + meals'
for (name in names(designs)) {
  ask_regression("gaussian, numbers", name, "api00 ~ ell + meals + mobility", "gaussian")
  ask_regression("gaussian, a factor before a number stays in order", name, "api00 ~ ell + stype + meals", "gaussian")
  ask_regression("gaussian, product of factor and number", name, "api00 ~ ell * stype", "gaussian")
  ask_regression("gaussian, no intercept", name, "api00 ~ stype - 1", "gaussian")
  ask_regression("gaussian, interaction alone", name, "api00 ~ stype + stype:ell", "gaussian")
  ask_regression("gaussian, names in backticks", name, "api00 ~ `sch.wide` + `parent.edu`", "gaussian")
  ask_regression("gaussian, I() on the right", name, 'api00 ~ I(ell > 20) + I(meals^2)', "gaussian")
  ask_regression("gaussian, C() of a number", name, "api00 ~ C(grade) + ell", "gaussian")
  ask_regression("gaussian, intercept alone", name, "enroll ~ 1", "gaussian")
  ask_regression("binomial, I() on the left", name, wide, "binomial")
  ask_regression("binomial, a factor on the left", name, "awards ~ ell + stype", "binomial")
  ask_regression("binomial, gaps in a factor", name, 'I(awards == "Yes") ~ `parent.edu` + mobility', "binomial")
  ask_regression("poisson", name, "`api.stu` ~ ell + stype", "poisson")
  ask_regression("poisson, interaction of numbers", name, "enroll ~ ell:meals + awards", "poisson")
  ask_wald("wald, a factor", name, "api00 ~ ell + stype + meals", "gaussian", "stype")
  ask_wald("wald, two terms", name, "api00 ~ ell + stype + meals", "gaussian", c("ell", "meals"))
  ask_wald("wald, an interaction", name, "api00 ~ ell * stype", "gaussian", "ell:stype")
  ask_wald("wald, a factor in backticks", name, 'I(awards == "Yes") ~ `parent.edu` + mobility', "binomial", "`parent.edu`")
  ask_wald("wald, poisson", name, "`api.stu` ~ ell + stype", "poisson", "stype")
}

# proportional odds
log_likelihood_scores <- function(par, X, y, w, levels) {
  beta <- par[seq_len(ncol(X))]; cuts <- c(-Inf, par[-seq_len(ncol(X))], Inf); eta <- drop(X %*% beta)
  a <- plogis(cuts[y + 1] - eta); b <- plogis(cuts[y] - eta); fa <- a * (1 - a); fb <- b * (1 - b); p <- a - b
  G <- matrix(0, length(y), levels - 1)
  for (k in seq_len(levels - 1)) G[, k] <- ((y == k) * fa - (y == k + 1) * fb) / p
  cbind(-X * ((fa - fb) / p), G)
}
ask_ordinal <- function(id, name, formula, d) {
  form <- as.formula(formula); sub <- answered(d, all.vars(form))
  sub <- sub[weights(sub, "sampling") > 0, ]; v <- sub$variables
  left <- v[[all.vars(form)[1]]]; left <- if (is.factor(left)) droplevels(left) else factor(left)
  X <- model.matrix(form[-2], v)[, -1, drop = FALSE]; y <- as.integer(left); w <- weights(sub, "sampling")
  v$.left <- left; sub$variables <- v
  rough <- suppressWarnings(svyolr(update(form, .left ~ .), sub, control = list(reltol = 1e-14, maxit = 2000)))
  par <- c(rough$coefficients, rough$zeta); total <- function(p) colSums(w * log_likelihood_scores(p, X, y, w, nlevels(left))) / sum(w)
  for (i in 1:6) par <- par - solve(jacobian(total, par), total(par))
  H <- jacobian(total, par) * sum(w)
  influence <- log_likelihood_scores(par, X, y, w, nlevels(left)) %*% -solve(H) * w
  V <- svyrecvar(influence, sub$cluster, sub$strata, sub$fpc, postStrata = sub$postStrata)
  stopifnot(max(abs(sqrt(diag(V)) / sqrt(diag(rough$var)) - 1)) < 0.02)
  k <- ncol(X); se <- as.list(sqrt(diag(V))); names(se) <- gsub("`", "", c(colnames(X), names(rough$zeta)))
  ask(paste0(id, ", ", name), name, "ordinal", list(coef = setNames(as.list(unname(par[1:k])), gsub("`", "", colnames(X))), cuts = setNames(as.list(unname(par[-(1:k)])), names(rough$zeta)), se = se), formula = formula)
}
ask_ordinal("ordinal, numbers", "clus1", "grade ~ ell + meals", designs$clus1)
ask_ordinal("ordinal, a factor and gaps", "clus1", "grade ~ stype + mobility", designs$clus1)
ask_ordinal("ordinal, stratified", "strat", "grade ~ meals + `sch.wide`", designs$strat)
ask_ordinal("ordinal, raked", "raked", "grade ~ ell + meals", designs$raked)
ask_ordinal("ordinal, interaction", "strat", "grade ~ ell * awards", designs$strat)

# Madsen's housing satisfaction in Copenhagen, one row per household; PSUs and weights are ours
h <- MASS::housing; h <- h[rep(seq_len(nrow(h)), h$Freq), c("Sat", "Infl", "Type", "Cont")]
h$satisfaction <- as.integer(h$Sat); h$Sat <- NULL; h$block <- (seq_len(nrow(h)) * 7) %% 60; h$weight <- 1 + (seq_len(nrow(h)) %% 5) / 4
for (n in c("Infl", "Type", "Cont")) h[[n]] <- as.character(h[[n]])
h <- through_file(h, "housing.csv")
plan$designs$housing <- list(data = "housing.csv", weights = "weight", strata = none, clusters = I("block"), fpc = none)
designs$housing <- svydesign(id = ~block, weights = ~weight, data = h)
ask_ordinal("ordinal, satisfaction with housing", "housing", "satisfaction ~ Infl + Type + Cont", designs$housing)
ask_regression("binomial, satisfied with housing", "housing", "I(satisfaction == 3) ~ Infl + Type * Cont", "binomial")
ask_wald("wald, contact in housing", "housing", "I(satisfaction == 3) ~ Infl + Type + Cont", "binomial", "Cont")
ask_regression("gaussian, satisfaction with housing", "housing", "satisfaction ~ Infl * Cont + Type", "gaussian")
finish()
