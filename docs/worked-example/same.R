library(survey)
schools <- read.csv("../../tests/golden/01-api-stratified/data.csv", stringsAsFactors = TRUE)
schools$awarded <- as.numeric(schools$awards == "Yes")

drawn <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = schools)
raked <- calibrate(drawn, ~ stype + sch.wide, c(6194, 755, 1018, 5122), calfun = "raking", epsilon = 1e-12)

cell <- function(estimate, df) {
  limits <- as.numeric(confint(estimate, df = df))
  list(estimate = as.numeric(coef(estimate)), se = as.numeric(SE(estimate)), low = limits[1], high = limits[2])
}
share <- function(design) {
  df <- degf(design)
  estimate <- svymean(~awarded, design)
  limits <- as.numeric(attr(svyciprop(~awarded, design, method = "logit", df = df), "ci"))
  list(estimate = as.numeric(coef(estimate)), se = as.numeric(SE(estimate)), low = limits[1], high = limits[2])
}

types <- levels(schools$stype)
by_type <- svyby(~api00, ~stype, drawn, svymean, covmat = TRUE)
answer <- list(
  "performance" = cell(svymean(~api00, drawn), degf(drawn)),
  "performance by type" = lapply(types, function(type) {
    part <- subset(drawn, stype == type)
    cell(svymean(~api00, part), degf(part))
  }),
  "elementary less high" = cell(svycontrast(by_type, c(E = 1, H = -1)), degf(drawn)),
  "awarded" = lapply(types, function(type) share(subset(drawn, stype == type))),
  "performance, raked" = cell(svymean(~api00, raked), degf(raked)),
  "awarded, raked" = share(raked)
)
