# Post-stratification, calibration with three distances, bounds and equal weights in clusters, crossed margins, trimming.
# Standard errors are of residuals weighted by the base weights (Deville and Sarndal), as R's calibrate() has them; rake()
# of R takes unweighted means of residuals (03 has it, as `variance: unweighted`), so calibrate() stands in for it here.
source("../reference.R")
data(api)
keep <- c("snum", "dnum", "stype", "awards", "sch.wide", "comp.imp", "api00", "api99", "enroll", "meals", "ell", "pw")
one <- cbind(apiclus1[, c(keep, "fpc")], sample = "clus1"); two <- cbind(apistrat[, c(keep, "fpc")], sample = "strat")
both <- rbind(one, two)
both$unequal <- both$pw * (1 + (both$snum %% 7) / 7)   # base weights that differ inside every calibration cell
plan$categories <- I(c("stype", "awards", "sch.wide", "comp.imp", "sample"))
both <- through_file(both, "data.csv")
N <- nrow(apipop); types <- table(apipop$stype); wide <- table(apipop$sch.wide); prize <- table(apipop$awards)
api99 <- sum(apipop$api99); crossed <- table(apipop$stype, apipop$awards)
samples <- list(clus1 = both[both$sample == "clus1", ], strat = both[both$sample == "strat", ])
base <- list(
  clus1 = svydesign(id = ~dnum, weights = ~unequal, fpc = ~fpc, data = samples$clus1),
  strat = svydesign(id = ~1, strata = ~stype, weights = ~unequal, data = samples$strat))
described <- list(
  clus1 = list(weights = "unequal", strata = I(character()), clusters = I("dnum"), fpc = I("fpc"), rows = list(column = "sample", equals = "clus1")),
  strat = list(weights = "unequal", strata = I("stype"), clusters = I(character()), fpc = I(character()), rows = list(column = "sample", equals = "strat")))
as_totals <- function(t) as.list(setNames(as.numeric(t), names(t)))
records <- lapply(rownames(crossed), function(s) lapply(colnames(crossed), function(a) list(stype = s, awards = a, total = crossed[s, a])))
records <- unlist(records, recursive = FALSE)
linear_totals <- c(`(Intercept)` = N, stypeH = types[["H"]], stypeM = types[["M"]], api99 = api99)
given <- list(intercept = N, stype = as_totals(types), api99 = api99)
tight <- function(d, form, totals, ...) calibrate(d, form, totals, epsilon = 1e-11, maxit = 500, verbose = FALSE, ...)

for (s in names(base)) {
  d <- base[[s]]
  made <- list(
    `post-stratified` = list(postStratify(d, ~stype, data.frame(stype = names(types), Freq = as.numeric(types))),
      list(method = "poststratify", variables = I("stype"), totals = as_totals(types))),
    `post-stratified on crossed variables` = list(
      tight(d, ~interaction(stype, awards) - 1, setNames(as.vector(crossed), paste0("interaction(stype, awards)", outer(rownames(crossed), colnames(crossed), paste, sep = ".")))),
      list(method = "poststratify", variables = c("stype", "awards"), totals = records)),
    `linear` = list(tight(d, ~stype + api99, linear_totals), list(method = "calibrate", distance = "linear", totals = given, bounds = NULL)),
    `linear bounded` = list(tight(d, ~stype + api99, linear_totals, bounds = c(0.5, 1.4)), list(method = "calibrate", distance = "linear", totals = given, bounds = c(0.5, 1.4))),
    `raking` = list(tight(d, ~stype + api99, linear_totals, calfun = "raking"), list(method = "calibrate", distance = "raking", totals = given)),
    `raking bounded` = list(tight(d, ~stype + api99, linear_totals, calfun = "raking", bounds = c(0.5, 1.4)), list(method = "calibrate", distance = "raking", totals = given, bounds = c(0.5, 1.4))),
    `logit bounded` = list(tight(d, ~stype + api99, linear_totals, calfun = "logit", bounds = c(0.4, 1.6)), list(method = "calibrate", distance = "logit", totals = given, bounds = c(0.4, 1.6))),
    `without intercept` = list(tight(d, ~api99 - 1, c(api99 = api99)), list(method = "calibrate", distance = "linear", totals = list(api99 = api99))),
    `rake, two margins one crossed` = list(
      tight(d, ~interaction(stype, awards) + sch.wide, setNames(c(N, as.vector(crossed)[-1], wide[["Yes"]]),
        c("(Intercept)", paste0("interaction(stype, awards)", outer(rownames(crossed), colnames(crossed), paste, sep = "."))[-1], "sch.wideYes")), calfun = "raking"),
      list(method = "rake", margins = list(list(variables = c("stype", "awards"), totals = records), list(variables = I("sch.wide"), totals = as_totals(wide))), tolerance = 1e-12)),
    `rake, three margins` = list(
      tight(d, ~stype + sch.wide + awards, c(`(Intercept)` = N, stypeH = types[["H"]], stypeM = types[["M"]], sch.wideYes = wide[["Yes"]], awardsYes = prize[["Yes"]]), calfun = "raking"),
      list(method = "rake", margins = list(list(variables = I("stype"), totals = as_totals(types)), list(variables = I("sch.wide"), totals = as_totals(wide)), list(variables = I("awards"), totals = as_totals(prize))), tolerance = 1e-12)))
  # linear distance with equal weights in clusters makes weights below 0 here, so the raking distance and fewer totals
  if (s == "clus1") {
    even <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = samples$clus1)
    made[["raking, equal within clusters"]] <- list(tight(even, ~stype + api99, linear_totals, calfun = "raking", aggregate.stage = 1),
      list(method = "calibrate", distance = "raking", totals = given, equal_within_clusters = TRUE))
    made[["linear, equal within clusters"]] <- list(tight(even, ~stype, linear_totals[1:3], aggregate.stage = 1),
      list(method = "calibrate", distance = "linear", totals = given[1:2], equal_within_clusters = TRUE))
  }
  for (kind in names(made)) {
    name <- paste0(kind, ", ", s); q <- made[[kind]][[1]]
    spec <- c(described[[s]], list(adjust = made[[kind]][[2]]))
    if (grepl("equal", kind)) spec$weights <- "pw"
    plan$designs[[name]] <- spec
    ask(paste("weights,", name), name, "weights", weight_answer(weights(q), if (grepl("equal", kind)) samples[[s]]$pw else samples[[s]]$unequal))
    ask_mean(paste("mean,", name), name, q, "api00", deff = FALSE)
    ask_mean(paste("mean by comp.imp,", name), name, q, "api00", by = "comp.imp", deff = FALSE)
    ask_total(paste("total,", name), name, q, "enroll")
    ask_ratio(paste("ratio by awards,", name), name, q, "meals", "enroll", by = "awards")
  }
  # trimming a raked design
  name <- paste0("rake, three margins, ", s); q <- made[["rake, three margins"]][[1]]
  w <- weights(q); cuts <- as.numeric(round(quantile(w, c(0.02, 0.9)), 1)) + c(-1, 0)
  t <- suppressWarnings(trimWeights(q, lower = cuts[1], upper = cuts[2]))   # with strict = TRUE R recurses without end here
  ask(paste("trim once,", s), name, "trim", weight_answer(weights(t), samples[[s]]$unequal)[c("weights", "sum", "min", "max", "cv2", "kish_deff", "n_eff")],
      lower = cuts[1], upper = cuts[2], `repeat` = FALSE)
}
finish()
