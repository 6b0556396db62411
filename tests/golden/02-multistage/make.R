# Clusters, strata, several stages, finite populations: real designs of R's survey package.
source("../reference.R")
data(api); data(scd); data(hospital); data(fpc); data(mu284); data(nhanes); data(crowd); data(yrbs)
plan$categories <- I(c("stype", "awards", "agecat"))

clus1 <- through_file(apiclus1[, c("snum", "dnum", "stype", "awards", "api00", "api99", "enroll", "api.stu", "meals", "ell", "pw", "fpc")], "clus1.csv")
clus2 <- through_file(apiclus2[, c("snum", "dnum", "stype", "awards", "api00", "api99", "enroll", "api.stu", "meals", "ell", "pw", "fpc1", "fpc2")], "clus2.csv")
plan$data <- "clus1.csv"
designs <- list(
  `clus1 with fpc` = svydesign(id = ~dnum, fpc = ~fpc, weights = ~pw, data = clus1),
  `clus1 without fpc` = svydesign(id = ~dnum, weights = ~pw, data = clus1),
  `clus1 stratified` = svydesign(id = ~dnum, strata = ~stype, weights = ~pw, data = clus1, nest = TRUE),
  `clus2 two stages` = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2),
  `clus2 given weights` = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, weights = ~pw, data = clus2),
  `clus2 first stage` = svydesign(id = ~dnum, fpc = ~fpc1, weights = ~pw, data = clus2),
  `clus2 no fpc` = svydesign(id = ~dnum + snum, weights = ~pw, data = clus2))
design("clus1 with fpc", weights = "pw", strata = I(character()), clusters = I("dnum"), fpc = I("fpc"))
design("clus1 without fpc", weights = "pw", strata = I(character()), clusters = I("dnum"), fpc = I(character()))
design("clus1 stratified", weights = "pw", strata = I("stype"), clusters = I("dnum"), fpc = I(character()))
design("clus2 two stages", data = "clus2.csv", weights = NULL, strata = I(character()), clusters = c("dnum", "snum"), fpc = c("fpc1", "fpc2"))
plan$designs[["clus2 two stages"]]["weights"] <- list(NULL)
design("clus2 given weights", data = "clus2.csv", weights = "pw", strata = I(character()), clusters = c("dnum", "snum"), fpc = c("fpc1", "fpc2"))
design("clus2 first stage", data = "clus2.csv", weights = "pw", strata = I(character()), clusters = I("dnum"), fpc = I("fpc1"))
design("clus2 no fpc", data = "clus2.csv", weights = "pw", strata = I(character()), clusters = c("dnum", "snum"), fpc = I(character()))
for (name in names(designs)) {
  d <- designs[[name]]
  ask_mean(paste("mean,", name), name, d, "api00")
  ask_mean(paste("mean with gaps (enroll),", name), name, d, "enroll")
  ask_mean(paste("mean by type,", name), name, d, "api00", by = "stype")
  ask_mean(paste("mean by type and awards,", name), name, d, "meals", by = c("stype", "awards"))
  ask_total(paste("total with gaps,", name), name, d, "enroll")
  ask_total(paste("total by awards,", name), name, d, "enroll", by = "awards")
  ask_ratio(paste("ratio by type,", name), name, d, "api.stu", "enroll", by = "stype")
  ask_share(paste("share by type,", name), name, d, list(column = "awards", equals = "Yes"), by = "stype")
  ask_share(paste("share at least,", name), name, d, list(column = "ell", at_least = 20))
}
ask_mean("mean at 90 %", "clus1 with fpc", designs[[1]], "api00", by = "stype", level = 0.9)
ask_share("share of two levels", "clus1 with fpc", designs[[1]], list(column = "stype", `in` = c("H", "M")), by = "awards")

# a threshold is met when the whole interval is, failed when none of it is
for (limit in c(400, 640, 900)) {
  m <- svymean(~api00, designs[[1]]); ci <- t_ci(as.numeric(coef(m)), as.numeric(SE(m)), 14)
  ask(paste("against a threshold of", limit), "clus1 with fpc", "mean", list(estimate = as.numeric(coef(m)), against = if (ci[1] >= limit) "meets" else if (ci[2] < limit) "fails" else "can't tell"), y = "api00", threshold = limit)
}
mu <- through_file(mu284, "mu284.csv")
design("mu284", data = "mu284.csv", weights = NULL, strata = I(character()), clusters = c("id1", "id2"), fpc = c("n1", "n2"))
plan$designs$mu284["weights"] <- list(NULL)
d <- svydesign(id = ~id1 + id2, fpc = ~n1 + n2, data = mu)
ask_total("total, two stages with fpc, weights from fpc", "mu284", d, "y1")
ask_mean("mean, two stages with fpc, weights from fpc", "mu284", d, "y1")
ask("weights from the fpc", "mu284", "weights", list(weights = weights(d), sum = sum(weights(d)), min = min(weights(d)), max = max(weights(d))))

s <- through_file(scd, "scd.csv")
design("scd", data = "scd.csv", weights = NULL, strata = I("ESA"), clusters = I("ambulance"), fpc = I(character()))
plan$designs$scd["weights"] <- list(NULL)
d <- svydesign(id = ~ambulance, strata = ~ESA, data = s, nest = TRUE, weights = rep(1, nrow(s)))
ask_ratio("ratio, two PSUs a stratum", "scd", d, "alive", "arrests")
ask_total("total, two PSUs a stratum, weights of 1", "scd", d, "alive")
ask_mean("mean of few by stratum: df of 1", "scd", d, "alive", by = "ESA")

h <- through_file(hospital, "hospital.csv")
design("hospital", data = "hospital.csv", weights = "weighta", strata = I("oblevel"), clusters = I("hospno"), fpc = I("tothosp"))
d <- svydesign(id = ~hospno, strata = ~oblevel, weights = ~weighta, fpc = ~tothosp, data = h)
ask_total("total of births, stratified, fpc", "hospital", d, "births")
ask_mean("mean of births by level", "hospital", d, "births", by = "oblevel")

p <- through_file(fpc, "fpc.csv")
design("fpc", data = "fpc.csv", weights = "weight", strata = I("stratid"), clusters = I("psuid"), fpc = I("Nh"))
design("fpc weights from fpc", data = "fpc.csv", weights = NULL, strata = I("stratid"), clusters = I("psuid"), fpc = I("Nh"))
plan$designs[["fpc weights from fpc"]]["weights"] <- list(NULL)
ask_total("total, cluster ids again in each stratum", "fpc", svydesign(id = ~psuid, strata = ~stratid, weights = ~weight, fpc = ~Nh, data = p, nest = TRUE), "x")
ask_mean("mean, weights from fpc, stratified", "fpc weights from fpc", svydesign(id = ~psuid, strata = ~stratid, fpc = ~Nh, data = p, nest = TRUE), "x")

n <- through_file(nhanes, "nhanes.csv", "agecat")
design("nhanes", data = "nhanes.csv", weights = "WTMEC2YR", strata = I("SDMVSTRA"), clusters = I("SDMVPSU"), fpc = I(character()), nested = TRUE)
d <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = n)
ask_share("high cholesterol, gaps", "nhanes", d, list(column = "HI_CHOL", equals = 1))
ask_share("high cholesterol by race and sex", "nhanes", d, list(column = "HI_CHOL", equals = 1), by = c("race", "RIAGENDR"))
ask_mean("cholesterol by age: a domain nobody answered in is kept out of R's list", "nhanes", d[!is.na(n$HI_CHOL), ], "HI_CHOL", by = "agecat")

c6 <- through_file(crowd, "crowd.csv")
design("not nested", data = "crowd.csv", weights = "weight", strata = I("stratum"), clusters = I("cluster"), fpc = I(character()), nested = FALSE)
ask_mean("mean, cluster ids unique already", "not nested", svydesign(id = ~cluster, strata = ~stratum, weights = ~weight, data = c6), "rooms")

set.seed(1)
y <- yrbs[yrbs$stratum %in% sort(unique(yrbs$stratum))[1:6], ]
y <- through_file(y, "yrbs.csv")
design("yrbs", data = "yrbs.csv", weights = "weight", strata = I("stratum"), clusters = I("psu"), fpc = I(character()))
d <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = y, nest = TRUE)
ask_share("helmet question with many gaps", "yrbs", d, list(column = "qn8", equals = 1))
ask_share("helmet question by stratum", "yrbs", d, list(column = "qn8", equals = 1), by = "stratum")
finish()
