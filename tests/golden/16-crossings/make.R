# Every plain statistic by crossed domains under two-stage, zero-weight, adjusted and replicate designs, by the contract's
# formulas: cells are put together here from R's estimates and standard errors. n counts all rows that answered, those of
# weight 0 too; a replicate whose share is 0 or 1 has no logit and is left out. The file has CRLF, quotes and gaps.
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", digits = 17, warn = -1)
plan <- list(format = 1, data = "data.csv", designs = list(), ask = list()); expected <- list(); made <- list()
weights_of <- function(d) as.numeric(weights(d, "sampling"))
replicated <- function(d) inherits(d, "svyrep.design")
df_of <- function(d) {
  w <- weights_of(d)
  if (replicated(d)) return(qr(weights(d, "analysis")[w != 0, , drop = FALSE], tol = 1e-5)$rank - 1)
  length(unique(d$cluster[w != 0, 1])) - length(unique(d$strata[w != 0, 1]))
}
units_of <- function(d) if (replicated(d)) sum(weights_of(d) != 0) else length(unique(d$cluster[weights_of(d) != 0, 1]))
simple <- function(z, w, n) { N <- sum(w); n / (n - 1) * sum(w * (z - sum(w * z) / N)^2) / N * N^2 / n }
korn_graubard <- function(p, se, n, df, level) {
  f <- (qt((1 + level) / 2, n - 1) / qt((1 + level) / 2, df))^2
  size <- min(n, if (p > 0 && p < 1) p * (1 - p) / se^2 * f else n * f); x <- p * size; a <- (1 - level) / 2
  c(if (p <= 0) 0 else qbeta(a, x, size - x + 1), if (p >= 1) 1 else qbeta(1 - a, x + 1, size - x))
}
share_fields <- function(p, se, n, df, level, n_eff, logit_se) {
  t <- qt((1 + level) / 2, df); out <- list(wald = I(p + c(-1, 1) * t * se))
  if (p > 0 && p < 1 && se > 0) {
    size <- p * (1 - p) / se^2; out$logit <- I(plogis(qlogis(p) + c(-1, 1) * t * logit_se))
    out$wilson <- I((p + t^2 / (2 * size) + c(-1, 1) * t * sqrt(p * (1 - p) / size + t^2 / (4 * size^2))) / (1 + t^2 / size))
  }
  if (se == 0 && p > 0 && p < 1) return(list(ci = I(c(p, p))))
  out$korn_graubard <- I(korn_graubard(p, se, n, df, level)); width <- diff(korn_graubard(p, se, n, df, 0.95))
  quality <- if (n < 30 || (!is.null(n_eff) && n_eff < 30) || width >= 0.3 || (width > 0.05 && width > 1.3 * p)) "suppress"
             else if (df < 8 || p %in% c(0, 1)) "caution" else "ok"
  list(ci = if (min(n * p, n * (1 - p)) < 10) out$korn_graubard else out$logit, intervals = out, quality = quality)
}
cell <- function(statistic, sub, y, x, level) {
  n <- length(y); w <- own_weights(sub, n)
  m <- switch(statistic, total = svytotal(~.y, sub), ratio = svyratio(~.y, ~.x, sub), svymean(~.y, sub))
  est <- as.numeric(coef(m)); se <- as.numeric(SE(m)); df <- df_of(sub)
  if (se < 1e-10 * abs(est)) se <- 0
  if (statistic == "proportion" && abs(est - round(est)) < 1e-13) est <- round(est)
  z <- switch(statistic, total = y, ratio = (y - est * x) / sum(w * x), (y - est) / sum(w))
  deff <- if (n > 1) se^2 / simple(z, w, n) else NULL
  if (!is.null(deff) && (!is.finite(deff) || simple(z, w, n) <= (1e-12 * est)^2)) deff <- NULL
  n_eff <- if (is.null(deff) || deff == 0) NULL else n / deff
  out <- list(estimate = est, se = se, n = n, df = df, deff = deff, n_eff = n_eff, kish_deff = n * sum(w^2) / sum(w)^2)
  if (units_of(sub) <= 1) return(c(out, list(ci = NULL, quality = "suppress", reason = "one sampling unit")))
  if (df <= 0) return(c(out, list(ci = NULL, quality = "suppress")))
  if (statistic != "proportion")
    return(c(out, list(ci = I(est + c(-1, 1) * qt((1 + level) / 2, df) * se), quality = if (n < 30) "suppress" else if (df < 8 || (!is.null(n_eff) && n_eff < 30)) "caution" else "ok")))
  logit_se <- se / (est * (1 - est))
  if (replicated(sub) && est > 0 && est < 1) {
    W <- weights(sub, "analysis"); th <- qlogis(colSums(W * sub$variables$.y) / colSums(W)); good <- is.finite(th)
    centre <- if (sub$mse) qlogis(est) else mean(th[good]); logit_se <- sqrt(sub$scale * sum(sub$rscales[good] * (th[good] - centre)^2))
  }
  c(out, share_fields(est, se, n, df, level, n_eff, logit_se))
}
own_weights <- function(sub, n) { w <- weights_of(sub); if (length(w) == n) w else w[attr(sub, "rows")] }
met <- function(v, where) { c0 <- v[[where$column]]
  r <- if (!is.null(where$equals)) c0 == where$equals else if (!is.null(where$at_least)) c0 >= where$at_least else c0 %in% where[["in"]]
  ifelse(is.na(c0), NA, as.numeric(r)) }
ask <- function(name, statistic, y = NULL, x = NULL, by = NULL, level = 0.95, where = NULL) {
  d <- made[[name]]; v <- d$variables; val <- if (is.null(where)) v[[y]] else met(v, where)
  known <- !is.na(val); if (!is.null(x)) known <- known & !is.na(v[[x]])
  d$variables$.y <- ifelse(known, val, 0); d$variables$.x <- if (is.null(x)) 0 else ifelse(known, v[[x]], 0)
  one <- function(inside) {
    rows <- which(inside & known); if (!length(rows)) return(list(estimate = NULL, n = 0, reason = "no data"))
    sub <- d[rows, ]; attr(sub, "rows") <- rows
    cell(statistic, sub, d$variables$.y[rows], d$variables$.x[rows], level)
  }
  answer <- if (is.null(by)) one(rep(TRUE, nrow(v))) else {
    there <- unique(v[complete.cases(v[, by, drop = FALSE]), by, drop = FALSE])
    list(cells = lapply(seq_len(nrow(there)), function(k) {
      inside <- Reduce(`&`, lapply(by, function(b) !is.na(v[[b]]) & v[[b]] == there[k, b]))
      c(list(domain = setNames(lapply(by, function(b) there[k, b]), by)), one(inside)) }))
  }
  id <- paste(c(statistic, y, x, unlist(where), if (length(by)) c("by", by), "in", name), collapse = " ")
  given <- list(id = id, design = name, statistic = statistic, y = y, x = x, where = where, by = if (length(by)) I(by), level = level)
  plan$ask[[length(plan$ask) + 1]] <<- given[!sapply(given, is.null)]; expected[[id]] <<- answer
}

data(api)
k <- apiclus2[, c("snum", "dnum", "stype", "awards", "api99", "enroll", "meals", "mobility", "pw", "fpc1", "fpc2")]
k$enroll[is.na(k$enroll)] <- 500; k$api99[seq(3, nrow(k), 7)] <- NA
k$grade <- k$snum %% 4 + 1; k$grade[seq(5, nrow(k), 11)] <- NA
k$half <- (k$mobility %/% 10) / 2; k$reg <- ifelse(k$dnum %% 3 == 0, "North", "South, \"x\""); k$reg[7] <- NA
k$some <- k$pw; k$some[seq(4, nrow(k), 9)] <- 0; k$st <- k$dnum %% 4
write.csv(k, "data.csv", row.names = FALSE, na = "", eol = "\r\n")
k <- read.csv("data.csv", na.strings = "", stringsAsFactors = FALSE)
design <- function(name, d, ...) { made[[name]] <<- d; plan$designs[[name]] <<- list(...) }
stages <- svydesign(id = ~dnum + snum, weights = ~pw, data = k, fpc = ~fpc1 + fpc2)
strata <- svydesign(id = ~dnum, strata = ~st, weights = ~pw, data = k, nest = TRUE)
types <- list(E = 4421, H = 755, M = 1018); awards <- list(No = 2027, Yes = 4167)
totals <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, awardsYes = 4167)
calibrated <- function(d, ...) calibrate(d, ~stype + awards, totals, epsilon = 1e-12, maxit = 500, ...)
both <- list(intercept = 6194, stype = types, awards = awards)
cells <- as.data.frame(xtabs(pw ~ stype + awards, apistrat), stringsAsFactors = FALSE)
two <- list(clusters = c("dnum", "snum"), fpc = c("fpc1", "fpc2"))
design("two stages, weights from fpc", svydesign(id = ~dnum + snum, data = k, fpc = ~fpc1 + fpc2), clusters = two$clusters, fpc = two$fpc)
design("some weights are 0", svydesign(id = ~dnum, strata = ~st, weights = ~some, data = k, nest = TRUE), weights = "some", strata = "st", clusters = "dnum")
design("crossed post-strata", postStratify(stages, ~stype + awards, cells), weights = "pw", clusters = two$clusters, fpc = two$fpc,
       adjust = list(method = "poststratify", variables = c("stype", "awards"), totals = lapply(seq_len(nrow(cells)), function(i) list(stype = cells$stype[i], awards = cells$awards[i], total = cells$Freq[i]))))
design("bounded raking", calibrated(stages, calfun = "raking", bounds = c(0.5, 2)), weights = "pw", clusters = two$clusters, fpc = two$fpc,
       adjust = list(method = "calibrate", distance = "raking", bounds = c(0.5, 2), totals = both))
design("logit", calibrated(strata, calfun = "logit", bounds = c(0.3, 3)), weights = "pw", strata = "st", clusters = "dnum",
       adjust = list(method = "calibrate", distance = "logit", bounds = c(0.3, 3), totals = both))
design("jkn, linear", calibrated(as.svrepdesign(strata, type = "JKn", mse = TRUE, compress = FALSE), calfun = "linear", compress = FALSE), weights = "pw", strata = "st", clusters = "dnum",
       replicates = list(method = "jkn", mse = TRUE), adjust = list(method = "calibrate", distance = "linear", totals = both))
for (name in names(made)) for (by in list(NULL, "half", c("awards", "reg"), c("grade", "stype"))) {
  level <- if (length(by) == 1) 0.9 else 0.95
  ask(name, "mean", "api99", by = by, level = level); ask(name, "total", "enroll", by = by, level = level)
  ask(name, "ratio", "api99", "meals", by = by, level = level); ask(name, "proportion", by = by, level = level, where = list(column = "grade", equals = 2))
  ask(name, "proportion", by = by, where = list(column = "half", at_least = 1)); ask(name, "proportion", by = by, where = list(column = "reg", `in` = I("North")))
}
write_json(plan, "plan.json", auto_unbox = TRUE, digits = I(17), pretty = 1, null = "null")
write_json(list(made_with = list(R = paste(R.version$major, R.version$minor, sep = "."), survey = as.character(packageVersion("survey"))), results = expected),
           "expected.json", auto_unbox = TRUE, digits = I(17), pretty = 1, na = "null", null = "null")
