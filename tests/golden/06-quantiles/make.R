# Quantiles with Woodruff's interval as the contract defines them: the smallest value whose weighted share at or below
# reaches p; the interval inverts share +- t * se of the share at that value, and se = width / 2t. R's svyquantile
# interpolates or takes other rules, so only the share's standard error comes from R.
source("../reference.R")
data(api)
plan$categories <- I(c("stype", "awards"))
s <- through_file(apistrat[, c("snum", "stype", "awards", "api00", "enroll", "ell", "pw", "fpc")], "data.csv")
k <- apiclus1[, c("snum", "dnum", "stype", "awards", "api00", "enroll", "ell", "pw", "fpc")]
k$enroll[seq(3, nrow(k), 11)] <- NA
k <- through_file(k, "clus1.csv")
quantiles <- function(d, y, p, level = 0.95) {
  d <- answered(d, y); v <- d$variables[[y]]; w <- weights(d, "sampling"); df <- domain_df(d); t <- qt((1 + level) / 2, df)
  at <- sort(unique(v)); share <- sapply(at, function(a) sum(w[v <= a])) / sum(w)
  inverse <- function(p) if (is.na(p) || p < 0 || p > 1) NA else at[which(share >= p - 1e-12)[1]]
  lapply(p, function(one) {
    q <- inverse(one); d$variables$.below <- as.numeric(v <= q); m <- svymean(~.below, d)
    ci <- sapply(as.numeric(coef(m)) + c(-1, 1) * t * as.numeric(SE(m)), inverse)
    list(p = one, estimate = q, se = diff(ci) / (2 * t), ci = I(ci))
  })
}
ask_quantile <- function(id, name, d, y, p, by = NULL, level = 0.95)
  ask(id, name, "quantile", with_by(d, by, function(sub) list(quantiles = quantiles(sub, y, p, level))), y = y, p = p, interval = "woodruff", by = I(as.character(by)), level = level)
design("strat", weights = "pw", strata = I("stype"), clusters = I(character()), fpc = I("fpc"))
design("clus1", data = "clus1.csv", weights = "pw", strata = I(character()), clusters = I("dnum"), fpc = I(character()))
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = s)
clus1 <- svydesign(id = ~dnum, weights = ~pw, data = k)
p <- c(0.1, 0.25, 0.5, 0.75, 0.9)
for (y in c("api00", "enroll", "ell")) {
  ask_quantile(paste("quantiles of", y, "stratified"), "strat", strat, y, p)
  ask_quantile(paste("quantiles of", y, "clusters"), "clus1", clus1, y, p)
  ask_quantile(paste("quantiles of", y, "by type, stratified"), "strat", strat, y, c(0.25, 0.5, 0.75), by = "stype")
}
ask_quantile("median at 90 %", "clus1", clus1, "api00", I(0.5), level = 0.9)
ask_quantile("limits outside 0..1 are null", "strat", strat, "ell", c(0.001, 0.999), by = "awards")
t <- k; t$total <- NULL
design("clus1 raked", data = "clus1.csv", weights = "pw", strata = I(character()), clusters = I("dnum"), fpc = I(character()),
       adjust = list(method = "rake", tolerance = 1e-12, margins = list(list(variables = I("stype"), totals = list(E = 4421, H = 755, M = 1018)), list(variables = I("awards"), totals = list(No = 2027, Yes = 4167)))))
raked <- calibrate(clus1, ~stype + awards, c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, awardsYes = 4167), calfun = "raking", epsilon = 1e-12, maxit = 500)
ask_quantile("quantiles of a raked design", "clus1 raked", raked, "api00", p)
finish()
