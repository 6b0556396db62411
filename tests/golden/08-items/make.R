# Distributions, indices, differences of items, population variance, weights, covariance and differences of domains, waves.
source("../reference.R")
data(api); data(nhanes)
plan$categories <- I(c("stype", "awards", "comp.imp", "sample"))
keep <- c("snum", "dnum", "stype", "awards", "comp.imp", "api00", "api99", "enroll", "meals", "ell", "mobility", "pw", "fpc")
both <- rbind(cbind(apiclus1[, keep], sample = "clus1"), cbind(apistrat[, keep], sample = "strat"), cbind(apisrs[, keep], sample = "srs"))
gaps <- function(v, every, from) { v[seq(from, length(v), every)] <- NA; v }
both$q1 <- gaps(pmin(5, 1 + both$ell %/% 15), 9, 2); both$q2 <- gaps(pmin(5, 1 + both$meals %/% 20), 13, 4); both$q3 <- gaps(pmin(5, 1 + both$mobility %/% 10), 5, 1)
both$ones <- 3
both <- through_file(both, "data.csv")
part <- function(s) both[both$sample == s, ]
clus1 <- svydesign(id = ~dnum, weights = ~pw, data = part("clus1"))
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = part("strat"))
srs <- svydesign(id = ~dnum, weights = ~pw, data = part("srs"))
none <- I(character())
margins <- list(list(variables = I("stype"), totals = list(E = 4421, H = 755, M = 1018)), list(variables = I("awards"), totals = list(No = 2027, Yes = 4167)))
raked <- calibrate(clus1, ~stype + awards, c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, awardsYes = 4167), calfun = "raking", epsilon = 1e-12, maxit = 500)
from <- function(s) list(column = "sample", equals = s)
design("clus1", rows = from("clus1"), weights = "pw", strata = none, clusters = I("dnum"), fpc = none)
design("strat", rows = from("strat"), weights = "pw", strata = I("stype"), clusters = none, fpc = I("fpc"))
design("srs", rows = from("srs"), weights = "pw", strata = none, clusters = I("dnum"), fpc = none)
design("raked", rows = from("clus1"), weights = "pw", strata = none, clusters = I("dnum"), fpc = none, adjust = list(method = "rake", margins = margins, tolerance = 1e-12))
made <- list(clus1 = clus1, strat = strat, raked = raked)
for (name in names(made)) {
  d <- made[[name]]
  for (y in c("q1", "q3")) {
    there <- sort(unique(d$variables[[y]])); sub <- answered(d, y); sub$variables$.f <- factor(pmax(sub$variables[[y]], min(there)), levels = there); m <- svymean(~.f, sub)
    ask(paste("distribution of", y, name), name, "distribution", list(categories = as.numeric(levels(sub$variables$.f)), estimate = as.numeric(coef(m)), se = as.numeric(SE(m))), y = y)
  }
  for (least in 1:3) {
    q <- d$variables[, c("q1", "q2", "q3")]; d$variables$.index <- ifelse(rowSums(!is.na(q)) >= least, rowMeans(q, na.rm = TRUE), NA)
    answer <- by_cells(d, "stype", function(s) { s <- answered(s, ".index"); cell(svymean(~.index, s), s, rows(s)) })
    ask(paste("index of three items,", least, "answered, by type,", name), name, "index", answer, y = c("q1", "q2", "q3"), answered = least, by = I("stype"))
  }
  d$variables$.gap <- d$variables$q1 - d$variables$q2; s <- answered(d, ".gap"); m <- svymean(~.gap, s)
  ask(paste("difference of two items,", name), name, "item_difference", t_test(as.numeric(coef(m)), as.numeric(SE(m)), domain_df(s)), y = c("q1", "q2"))
  for (y in c("api00", "q3")) {
    s <- answered(d, y); v <- svyvar(f(y), s)
    ask(paste("population variance of", y, name), name, "variance", cell(v, s, rows(s)), y = y)
  }
  ask(paste("population variance by awards,", name), name, "variance", by_cells(d, "awards", function(s) { s <- answered(s, "api99"); cell(svyvar(~api99, s), s, rows(s)) }), y = "api99", by = I("awards"))
  ask(paste("weights,", name), name, "weights", weight_answer(weights(d), d$variables$pw))
  for (y in c("q1", "api00")) for (by in c("stype", "awards")) {
    m <- domain_means(d, y, by)
    ask(paste("covariance of", y, "by", by, name), name, "covariance", m, y = y, by = I(by))
    k <- length(m$levels); b <- m$estimate[k] - m$estimate[1]; se <- sqrt(m$vcov[k, k] + m$vcov[1, 1] - 2 * m$vcov[1, k])
    df <- domain_df(answered(d, c(y, by)))   # of all levels of `by`, as in the shared examples
    ask(paste("difference of", y, "by", by, name), name, "difference", t_test(b, se, df), y = y, by = I(by), plus = m$levels[k], minus = m$levels[1])
  }
  m <- svymean(~ones, d)
  ask(paste("a constant has an interval of width zero,", name), name, "mean", list(estimate = 3, se = 0, ci = I(c(3, 3)), n = nrow(d$variables)), y = "ones")
}
# Ranks: domain k is surely above another when their difference exceeds t * se, all pairs together by Bonferroni
ask_rank <- function(id, name, d, y, by, level = 0.95) {
  m <- domain_means(d, y, by); k <- length(m$levels); df <- domain_df(answered(d, c(y, by))); t <- qt(1 - (1 - level) / (k * (k - 1) / 2) / 2, df)
  above <- outer(1:k, 1:k, Vectorize(function(i, j) m$estimate[i] - m$estimate[j] > t * sqrt(max(m$vcov[i, i] + m$vcov[j, j] - 2 * m$vcov[i, j], 0)) && i != j))
  cells <- lapply(1:k, function(i) list(domain = setNames(list(m$levels[i]), by), estimate = m$estimate[i], rank = sum(m$estimate > m$estimate[i]) + 1, rank_range = I(c(1 + sum(above[, i]), k - sum(above[i, ])))))
  ask(id, name, "rank", list(cells = cells), y = y, by = I(by), level = level)
}
for (name in names(made)) { ask_rank(paste("rank of types,", name), name, made[[name]], "api00", "stype"); ask_rank(paste("rank of answers to q1,", name), name, made[[name]], "api00", "q2", 0.9) }
# Waves: independent samples with Satterthwaite's degrees of freedom, by domain too; and the same places asked twice.
two <- function(a, b, y) {
  x <- answered(a, y); z <- answered(b, y); m <- svymean(f(y), x); o <- svymean(f(y), z); v <- c(SE(m)^2, SE(o)^2)
  t_test(as.numeric(coef(o) - coef(m)), sqrt(sum(v)), sum(v)^2 / (v[1]^2 / domain_df(x) + v[2]^2 / domain_df(z)))
}
ask("independent waves", NULL, "wave_difference", two(clus1, strat, "api00"), designs = c("clus1", "strat"), y = "api00")
ask("independent waves, gaps", NULL, "wave_difference", two(clus1, strat, "q3"), designs = c("clus1", "strat"), y = "q3")
ask("independent waves, raked before", NULL, "wave_difference", two(raked, strat, "api00"), designs = c("raked", "strat"), y = "api00")
ask("independent waves by type", NULL, "wave_difference",
    list(cells = lapply(c("E", "H", "M"), function(s) c(list(domain = list(stype = s)), two(clus1[clus1$variables$stype == s, ], strat[strat$variables$stype == s, ], "api00")))),
    designs = c("clus1", "strat"), y = "api00", by = I("stype"))
clus1$variables$yes <- as.numeric(clus1$variables$awards == "Yes"); strat$variables$yes <- as.numeric(strat$variables$awards == "Yes")
ask("independent waves, share", NULL, "wave_difference", two(clus1, strat, "yes"), designs = c("clus1", "strat"), where = list(column = "awards", equals = "Yes"))
w <- part("clus1"); w2 <- w; w2$api00 <- w2$api99 + w2$mobility / 10; w$wave <- "first"; w2$wave <- "second"; w2$pw <- w2$pw * (1 + (w2$snum %% 5) / 10)
w2 <- w2[seq_len(nrow(w2)) %% 4 != 0, ]
panel <- through_file(rbind(w, w2), "panel.csv")
plan$designs$first <- list(data = "panel.csv", rows = list(column = "wave", equals = "first"), weights = "pw", strata = none, clusters = I("dnum"), fpc = none)
plan$designs$second <- list(data = "panel.csv", rows = list(column = "wave", equals = "second"), weights = "pw", strata = none, clusters = I("dnum"), fpc = none)
d <- svydesign(id = ~dnum, weights = ~pw, data = panel); m <- domain_means(d, "api00", "wave")
b <- diff(m$estimate); se <- sqrt(m$vcov[1, 1] + m$vcov[2, 2] - 2 * m$vcov[1, 2])
ask("waves in the same places", NULL, "wave_difference", t_test(b, se, length(unique(panel$dnum)) - 1), designs = c("first", "second"), y = "api00", shared_psus = TRUE)
finish()
