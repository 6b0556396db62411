# Crossed tables and tests of independence: svychisq with F, Chisq and Wald; gaps, an empty combination, raked weights.
# svychisq counts rows with gaps in n; the contract's n are the rows of the table, so gaps go out before.
source("../reference.R")
data(api); data(nhanes)
plan$categories <- I(c("stype", "awards", "comp.imp", "sch.wide", "size", "sample"))
keep <- c("snum", "dnum", "stype", "awards", "comp.imp", "sch.wide", "api00", "ell", "pw", "fpc")
both <- rbind(cbind(apiclus1[, keep], sample = "clus1"), cbind(apistrat[, keep], sample = "strat"))
both$size <- ifelse(both$api00 > 780, "top", ifelse(both$api00 > 600, "middle", "low"))
both$size[both$stype == "H" & both$size == "top"] <- "low"      # nobody in this combination
both$gaps <- as.character(both$awards); both$gaps[seq(3, nrow(both), 8)] <- NA
both$band <- both$ell %/% 25
both <- through_file(both, "data.csv")
plan$categories <- c(plan$categories, "gaps")
part <- function(s) both[both$sample == s, ]
none <- I(character()); from <- function(s) list(column = "sample", equals = s)
margins <- list(list(variables = I("stype"), totals = list(E = 4421, H = 755, M = 1018)), list(variables = I("awards"), totals = list(No = 2027, Yes = 4167)))
clus1 <- svydesign(id = ~dnum, weights = ~pw, data = part("clus1"))
designs <- list(clus1 = clus1, strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = part("strat")),
  raked = calibrate(clus1, ~stype + awards, c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, awardsYes = 4167), calfun = "raking", epsilon = 1e-12, maxit = 500))
design("clus1", rows = from("clus1"), weights = "pw", strata = none, clusters = I("dnum"), fpc = none)
design("strat", rows = from("strat"), weights = "pw", strata = I("stype"), clusters = none, fpc = I("fpc"))
design("raked", rows = from("clus1"), weights = "pw", strata = none, clusters = I("dnum"), fpc = none, adjust = list(method = "rake", margins = margins, tolerance = 1e-12))
text <- function(v) as.character(v)
ask_crosstab <- function(name, d, rows, columns) {
  sub <- answered(d, c(rows, columns)); v <- sub$variables
  there <- weights(sub, "sampling") > 0
  a <- sort(unique(text(v[[rows]][there])), method = "radix"); b <- sort(unique(text(v[[columns]][there])), method = "radix")
  cells <- list()
  for (i in a) for (j in b) {
    sub$variables$.in <- as.numeric(!is.na(v[[rows]]) & !is.na(v[[columns]]) & text(v[[rows]]) == i & text(v[[columns]]) == j); m <- svymean(~.in, sub)
    cells[[length(cells) + 1]] <- c(setNames(list(i, j), c(rows, columns)), list(total = sum(weights(sub) * sub$variables$.in), share = as.numeric(coef(m)), se = as.numeric(SE(m))))
  }
  ask(paste("crosstab of", rows, "and", columns, name), name, "crosstab", list(cells = cells), rows = rows, columns = columns)
}
ask_independence <- function(name, d, rows, columns, kinds = c("F", "Chisq", "Wald")) {
  sub <- answered(d, c(rows, columns)); sub <- sub[weights(sub, "sampling") > 0, ]
  if (!is.null(sub$postStrata)) sub$variables <- droplevels(sub$variables)
  for (kind in kinds) {
    x <- svychisq(as.formula(paste0("~`", rows, "`+`", columns, "`")), sub, statistic = kind); x$parameter <- as.numeric(x$parameter)
    ask(paste0("independence of ", rows, " and ", columns, ", ", kind, ", ", name), name, "independence",
        list(statistic = as.numeric(x$statistic), df = if (length(x$parameter) > 1) I(x$parameter) else x$parameter, p = as.numeric(x$p.value)), rows = rows, columns = columns, kind = kind)
  }
}
for (name in names(designs)) for (pair in list(c("stype", "awards"), c("comp.imp", "sch.wide"), c("stype", "comp.imp"), c("size", "awards"))) {
  ask_crosstab(name, designs[[name]], pair[1], pair[2]); ask_independence(name, designs[[name]], pair[1], pair[2])
}
for (name in c("clus1", "strat")) {
  ask_crosstab(name, designs[[name]], "stype", "gaps"); ask_independence(name, designs[[name]], "stype", "gaps")
  ask_crosstab(name, designs[[name]], "stype", "size"); ask_independence(name, designs[[name]], "stype", "size", c("F", "Chisq"))
  ask_crosstab(name, designs[[name]], "band", "awards")
}
n <- through_file(nhanes[nhanes$agecat != "(0,19]", c("SDMVSTRA", "SDMVPSU", "WTMEC2YR", "race", "RIAGENDR", "HI_CHOL")], "nhanes.csv")
plan$designs$nhanes <- list(data = "nhanes.csv", weights = "WTMEC2YR", strata = I("SDMVSTRA"), clusters = I("SDMVPSU"), fpc = none)
d <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = n)
ask_crosstab("nhanes", d, "race", "RIAGENDR"); ask_independence("nhanes", d, "race", "RIAGENDR")
ask_crosstab("nhanes", d, "HI_CHOL", "race"); ask_independence("nhanes", d, "HI_CHOL", "race")
finish()
