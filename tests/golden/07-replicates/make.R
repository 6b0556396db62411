# Replicate weights: jackknives built from the design, BRR, Fay and bootstrap columns given in the data, mse, and the
# adjustment done again in every replicate.
source("../reference.R")
data(api); data(scd)
plan$categories <- I(c("stype", "awards", "comp.imp"))
keep <- c("snum", "dnum", "stype", "awards", "comp.imp", "api00", "api99", "enroll", "meals", "ell", "pw", "fpc")
k <- apiclus1[, keep]; k$api99[seq(5, nrow(k), 17)] <- NA
set.seed(20240607)
boot <- as.svrepdesign(svydesign(id = ~dnum, weights = ~pw, data = apiclus1), type = "subbootstrap", replicates = 40, compress = FALSE)
factors <- as.matrix(boot$repweights); colnames(factors) <- paste0("factor", 1:40)
finals <- factors * k$pw; colnames(finals) <- paste0("final", 1:40)
k <- through_file(cbind(k, factors, finals), "data.csv")
s <- through_file(apistrat[, keep], "strat.csv")
clus1 <- svydesign(id = ~dnum, weights = ~pw, data = k); clus1f <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = k)
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = s); stratf <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = s)
none <- I(character())
spec <- function(replicates, strata = none, clusters = I("dnum"), fpc = none, ...) list(weights = "pw", strata = strata, clusters = clusters, fpc = fpc, replicates = replicates, ...)
F <- paste0("factor", 1:40); L <- paste0("final", 1:40)
made <- list(
  `jk1` = list(as.svrepdesign(clus1, type = "JK1"), spec(list(method = "jk1"))),
  `jk1 with fpc` = list(as.svrepdesign(clus1f, type = "JK1", fpctype = "fraction", fpc = rep(15 / 757, nrow(k))), spec(list(method = "jk1"), fpc = I("fpc"))),
  `jk1 mse` = list(as.svrepdesign(clus1, type = "JK1", mse = TRUE), spec(list(method = "jk1", mse = TRUE))),
  `jkn` = list(as.svrepdesign(strat, type = "JKn"), spec(list(method = "jkn"), strata = I("stype"), clusters = none, data = "strat.csv")),
  `jkn with fpc` = list(as.svrepdesign(stratf, type = "JKn", fpc = c(E = 100/4421, H = 50/755, M = 50/1018)[as.character(s$stype)], fpctype = "fraction"),
                        spec(list(method = "jkn"), strata = I("stype"), clusters = none, fpc = I("fpc"), data = "strat.csv")),
  `bootstrap factors` = list(svrepdesign(data = k, weights = ~pw, repweights = k[, F], type = "bootstrap", combined.weights = FALSE, scale = 1 / 39, rscales = rep(1, 40)), spec(list(method = "bootstrap", columns = F, combined = FALSE))),
  `bootstrap final weights` = list(svrepdesign(data = k, weights = ~pw, repweights = k[, L], type = "bootstrap", combined.weights = TRUE, scale = 1 / 39, rscales = rep(1, 40)), spec(list(method = "bootstrap", columns = L, combined = TRUE))),
  `bootstrap mse` = list(svrepdesign(data = k, weights = ~pw, repweights = k[, L], type = "bootstrap", combined.weights = TRUE, scale = 1 / 39, rscales = rep(1, 40), mse = TRUE), spec(list(method = "bootstrap", columns = L, combined = TRUE, mse = TRUE))))
margins <- list(list(variables = I("stype"), totals = list(E = 4421, H = 755, M = 1018)), list(variables = I("awards"), totals = list(No = 2027, Yes = 4167)))
totals <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, awardsYes = 4167)
raked <- function(r) calibrate(r, ~stype + awards, totals, calfun = "raking", epsilon = 1e-11, maxit = 500, compress = FALSE)
for (name in c("jk1", "jk1 mse", "bootstrap factors", "bootstrap final weights")) {
  made[[paste(name, "raked")]] <- list(raked(made[[name]][[1]]), c(made[[name]][[2]], list(adjust = list(method = "rake", tolerance = 1e-12, margins = margins))))
}
made[["jk1 post-stratified"]] <- list(calibrate(made$jk1[[1]], ~stype, totals[1:3], epsilon = 1e-11, compress = FALSE),
  c(made$jk1[[2]], list(adjust = list(method = "poststratify", variables = I("stype"), totals = margins[[1]]$totals))))
made[["jkn linear"]] <- list(calibrate(made$jkn[[1]], ~stype + api99, c(totals[1:3], api99 = sum(apipop$api99)), epsilon = 1e-11, compress = FALSE),
  c(made$jkn[[2]], list(adjust = list(method = "calibrate", distance = "linear", totals = list(intercept = 6194, stype = margins[[1]]$totals, api99 = sum(apipop$api99))))))
for (name in names(made)) {
  d <- made[[name]][[1]]; plan$designs[[name]] <- made[[name]][[2]]
  ask_mean(paste("mean,", name), name, d, "api00")
  ask_mean(paste("mean with gaps,", name), name, d, "api99")
  ask_mean(paste("mean by comp.imp,", name), name, d, "api00", by = "comp.imp")
  ask_total(paste("total,", name), name, d, "enroll")
  ask_ratio(paste("ratio,", name), name, d, "meals", "enroll")
  ask_share(paste("share,", name), name, d, list(column = "comp.imp", equals = "Yes"))
}
# regression, differences and a table with replicates
r <- made[["bootstrap final weights"]][[1]]
m <- svyglm(api00 ~ ell + meals, r); df <- domain_df(r) - 2
b <- as.numeric(coef(m)); se <- as.numeric(SE(m))
ask("regression, bootstrap", "bootstrap final weights", "regression", list(terms = c("(Intercept)", "ell", "meals"), coef = b, se = se, t = b / se, p = 2 * pt(-abs(b / se), df), vcov = unname(vcov(m)), df_residual = df, n = nrow(k)), formula = "api00 ~ ell + meals", family = "gaussian")
d <- svyby(~api00, ~awards, r, svymean, covmat = TRUE)
ask("covariance of domains, bootstrap", "bootstrap final weights", "covariance", list(levels = c("No", "Yes"), estimate = as.numeric(coef(d)), vcov = unname(vcov(d))), y = "api00", by = I("awards"))
c1 <- svycontrast(d, c(-1, 1))
ask("difference of domains, bootstrap", "bootstrap final weights", "difference", t_test(as.numeric(c1), as.numeric(SE(c1)), domain_df(r)), y = "api00", by = I("awards"), plus = "Yes", minus = "No")
for (kind in c("F", "Chisq")) { x <- svychisq(~stype + awards, r, statistic = kind)
  ask(paste("independence, bootstrap,", kind), "bootstrap final weights", "independence", list(statistic = as.numeric(x$statistic), p = as.numeric(x$p.value)), rows = "stype", columns = "awards", kind = kind) }

# balanced half samples of the ambulance data (two PSUs in each of three strata): R's help page of svrepdesign
half <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1), c(0, 1, 1, 0, 0, 1), c(0, 1, 0, 1, 1, 0))
e <- scd; e$w <- 1; colnames(half) <- paste0("half", 1:4); fay <- 1 + 0.7 * (half - 1); colnames(fay) <- paste0("fay", 1:4)
e <- through_file(cbind(e, half, fay), "scd.csv")
base <- list(data = "scd.csv", weights = "w", strata = I("ESA"), clusters = I("ambulance"), fpc = none)
plan$designs$brr <- c(base, list(replicates = list(method = "brr", columns = paste0("half", 1:4), combined = FALSE)))
plan$designs$`brr mse` <- c(base, list(replicates = list(method = "brr", columns = paste0("half", 1:4), combined = TRUE, mse = TRUE)))
plan$designs$fay <- c(base, list(replicates = list(method = "fay", rho = 0.3, columns = paste0("fay", 1:4), combined = FALSE)))
brr <- list(brr = svrepdesign(data = e, weights = ~w, repweights = e[, paste0("half", 1:4)], type = "BRR", combined.weights = FALSE),
            `brr mse` = svrepdesign(data = e, weights = ~w, repweights = e[, paste0("half", 1:4)], type = "BRR", combined.weights = TRUE, mse = TRUE),
            fay = svrepdesign(data = e, weights = ~w, repweights = e[, paste0("fay", 1:4)], type = "Fay", rho = 0.3, combined.weights = FALSE))
for (name in names(brr)) {
  ask_total(paste("total,", name), name, brr[[name]], "alive")
  ask_ratio(paste("ratio,", name), name, brr[[name]], "alive", "arrests")
  ask_mean(paste("mean,", name), name, brr[[name]], "arrests")
}
finish()
