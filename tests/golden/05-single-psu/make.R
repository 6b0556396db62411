# Strata with one sampling unit under each rule, in the design and inside domains; a census stratum.
# "adjust" centres at the mean of the PSU totals of the whole design. R centres at 0, which is the same for a mean but
# not for a total: totals are computed here by the contract's formula. A stratum taken whole (fpc = sampled) adds 0.
source("../reference.R")
data(api)
s <- apistrat[, c("snum", "stype", "awards", "comp.imp", "api00", "enroll", "pw")]
s <- s[s$stype != "H" | s$snum == min(s$snum[s$stype == "H"]), ]
s$stratum <- paste0(s$stype, s$awards); s$N <- c(E = 4421, H = 755, M = 1018)[s$stype]
s$census <- ifelse(s$stype == "H", 1, s$N)
plan$categories <- I(c("stype", "awards", "comp.imp", "stratum"))
s <- through_file(s, "data.csv", character())
contract_total <- function(d, y, fpc) {   # rule "adjust", one stage
  z <- weights(d) * d$variables[[y]]; h <- d$variables$stype; centre <- mean(z)
  v <- 0
  for (k in levels(h)) {
    x <- z[h == k]; n <- length(x); keep <- if (fpc) 1 - n / d$variables$N[h == k][1] else 1
    v <- v + keep * (if (n > 1) n / (n - 1) * sum((x - mean(x))^2) else (x - centre)^2)
  }
  list(estimate = sum(z), se = sqrt(v), n = length(z), df = length(z) - nlevels(h), ci = t_ci(sum(z), sqrt(v), length(z) - nlevels(h)))
}
for (fpc in c(FALSE, TRUE)) for (rule in c("adjust", "certainty", "average", "remove", "fail")) {
  name <- paste0(rule, if (fpc) " with fpc" else "")
  design(name, weights = "pw", strata = I("stype"), clusters = I(character()), fpc = if (fpc) I("N") else I(character()), single_psu = rule)
  d <- if (fpc) svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~N, data = s) else svydesign(id = ~1, strata = ~stype, weights = ~pw, data = s)
  options(survey.lonely.psu = rule)
  if (rule == "fail") {
    ask(paste("a stratum with one PSU is refused,", name), name, "mean", list(error = TRUE), y = "api00", by = I(character()))
    ask_mean(paste("other strata are answered,", name), name, d[s$stype != "H", ], "api00", by = "stype")
    expected[[length(expected)]]$cells <- append(expected[[length(expected)]]$cells, list(list(domain = list(stype = "H"), error = TRUE)), 1)
    next
  }
  ask_mean(paste("mean,", name), name, d, "api00")
  ask_mean(paste("mean by awards,", name), name, d, "api00", by = "awards")
  ask_ratio(paste("ratio,", name), name, d, "api00", "enroll")
  if (rule == "adjust") ask(paste("total,", name), name, "total", contract_total(d, "enroll", fpc), y = "enroll", by = I(character()))
  else ask_total(paste("total,", name), name, d, "enroll")
}
options(survey.lonely.psu = "fail")
design("census", weights = "pw", strata = I("stype"), clusters = I(character()), fpc = I("census"))
q <- s; q$pw[q$stype == "H"] <- 1
ask_mean("a stratum taken whole is never single", "census", svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~census, data = s), "api00")
ask_total("total, a stratum taken whole adds nothing", "census", svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~census, data = s), "enroll")

# Inside domains: districts of apiclus1 as PSUs, strata made of them; a domain may hold one PSU of a stratum.
k <- apiclus1[, c("snum", "dnum", "stype", "awards", "comp.imp", "api00", "enroll", "pw")]
k$stratum <- c("a", "b", "c")[1 + match(k$dnum, sort(unique(k$dnum))) %% 3]
k <- through_file(k, "clusters.csv")
for (rule in c("fail", "adjust", "average")) for (inside in c(FALSE, TRUE)) {
  if (rule == "fail" && inside) next
  name <- paste0("domains, ", rule, if (inside) " inside domains" else "")
  design(name, data = "clusters.csv", weights = "pw", strata = I("stratum"), clusters = I("dnum"), fpc = I(character()), single_psu = rule, single_psu_in_domains = inside)
  options(survey.lonely.psu = rule, survey.adjust.domain.lonely = inside)
  d <- suppressWarnings(svydesign(id = ~dnum, strata = ~stratum, weights = ~pw, data = k))
  suppressWarnings(ask_mean(paste("mean by type,", name), name, d, "api00", by = "stype"))
  suppressWarnings(ask_mean(paste("mean by type and comp.imp,", name), name, d, "api00", by = c("stype", "comp.imp")))
}
finish()
