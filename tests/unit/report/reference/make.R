# What R's survey package answers for the small city of tests/small_city.py, with the weighting rules of
# docs/decisions/0003 written out a second time. Rscript make.R writes expected.json beside it.
suppressMessages({library(survey); library(jsonlite)})
d <- read.csv("data.csv", colClasses = c(stratum = "character", psu = "character"))
d[d$overall < 0, "overall"] <- NA
for (item in c("a", "b", "c")) d[d[[item]] < 0, item] <- NA
areas <- c("north", "south", "west", "south")
d$area <- ifelse(d$district > 0, areas[pmax(d$district, 1)], "none")
d$inside <- d$residence != 5
population <- c(north = 6000, south = 3000, west = 1000)

cells <- function(variable, shares) {
  own <- ifelse(!d$inside, "outside", ifelse(d$area == "none", "none",
         paste(d$area, ifelse(d[[variable]] > 0, d[[variable]], "none"))))
  weight <- tapply(d$weight, own, sum)
  inside <- d$inside
  nowhere <- sum(d$weight[inside & d$area == "none"]) / sum(d$weight[inside])
  totals <- c(outside = unname(weight["outside"]), none = sum(population) * nowhere)
  for (area in names(population)) {
    here <- population[[area]] * (1 - nowhere)
    rows <- inside & d$area == area
    unstated <- sum(d$weight[rows & d[[variable]] < 0]) / sum(d$weight[rows])
    totals[paste(area, "none")] <- here * unstated
    for (level in names(shares)) totals[paste(area, level)] <- here * (1 - unstated) * shares[[level]]
  }
  list(own = factor(own), totals = totals)
}
sex <- cells("sex", c("1" = 0.5, "2" = 0.5))
age <- cells("age_group", c("1" = 0.25, "2" = 0.5, "3" = 0.25))
d$sex_cell <- sex$own
d$age_cell <- age$own
x <- model.matrix(~ sex_cell + age_cell, d)
full <- c(sum(sex$totals), sex$totals[levels(d$sex_cell)[-1]], age$totals[levels(d$age_cell)[-1]])
keep <- qr(x)$pivot[seq_len(qr(x)$rank)]  # the areas stand in both margins: leave out what is said twice
columns <- setNames(as.data.frame(x[, keep]), paste0("x", seq_along(keep)))
design <- svydesign(~psu, strata = ~stratum, weights = ~weight, data = cbind(d, columns), nest = TRUE)
raked <- calibrate(design, as.formula(paste("~", paste(names(columns), collapse = "+"), "- 1")),
                   population = setNames(full[keep], names(columns)), calfun = "raking", epsilon = 1e-12, maxit = 500)
items <- d[, c("a", "b", "c")]
answered <- rowSums(!is.na(items)) >= 2
item_mean <- ifelse(answered, rowMeans(items, na.rm = TRUE), NA)
raked <- update(raked, score = overall * 10, satisfied = as.numeric(overall >= 8), index = (item_mean - 1) * 25,
                index_satisfied = as.numeric(item_mean >= 4 - 1e-9))
answer <- function(name, rows, share) {
  value <- raked$variables[[name]]
  asked <- rows & !is.na(value)
  known <- subset(update(raked, y = ifelse(is.na(value), 0, value)), asked)
  m <- svymean(~y, known)
  p <- coef(m)[[1]]; se <- SE(m)[[1]]; n <- sum(asked); df <- degf(known)
  t <- qt(0.975, df)
  ci <- p + c(-1, 1) * t * se
  if (share) ci <- plogis(qlogis(p) + c(-1, 1) * t * se / (p * (1 - p)))
  w <- weights(raked)[asked]
  y <- value[asked]
  simple <- n / (n - 1) * sum(w * (y - p)^2) / sum(w) / n
  list(estimate = p, se = se, n = n, df = df, low = ci[1], high = ci[2], deff = se^2 / simple)
}
places <- list(city = d$inside, "1" = d$inside & d$district == 1, "2" = d$inside & d$district == 2,
               "3" = d$inside & d$district == 3, "4" = d$inside & d$district == 4, outside = !d$inside)
out <- list()
for (place in names(places)) out[[place]] <- list(
  overall = list(score = answer("score", places[[place]], FALSE), share = answer("satisfied", places[[place]], TRUE)),
  safety_index = list(score = answer("index", places[[place]], FALSE),
                      share = answer("index_satisfied", places[[place]], TRUE)))
write_json(list(made_with = paste("R", getRversion(), "survey", packageVersion("survey")), weights = unname(weights(raked)),
                places = out), "expected.json", digits = NA, auto_unbox = TRUE)
