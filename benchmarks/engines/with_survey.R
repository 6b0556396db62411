# The same with R's survey package: Rscript with_survey.R TASK DATA.csv RUNS OUT.csv
suppressPackageStartupMessages({library(survey); library(jsonlite)})
args <- commandArgs(trailingOnly = TRUE)
task <- args[1]; runs <- as.integer(args[3])
rows <- read.csv(args[2])
for (name in c("district", "sex", "age", "stratum", "psu")) rows[[name]] <- factor(rows[[name]])
wanted <- fromJSON(sub("csv$", "json", args[2]))
items <- paste0("q", 1:30)

raked <- function() {
  design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = rows, nest = TRUE)
  totals <- c("(Intercept)" = sum(unlist(wanted$district)))
  for (name in c("district", "sex", "age")) {
    part <- unlist(wanted[[name]])[-1]
    names(part) <- paste0(name, levels(rows[[name]])[-1])
    totals <- c(totals, part)
  }
  calibrate(design, ~district + sex + age, totals, calfun = "raking", epsilon = 1e-10, maxit = 200)
}

table30 <- function(design) {
  do.call(rbind, lapply(items, function(item) {
    y <- design$variables[[item]]
    design$variables$y <- y
    design$variables$top <- as.numeric(y >= 4)
    done <- svyby(~y + top, ~district, design, svymean, na.rm = TRUE, keep.var = TRUE)
    interval <- confint(done)
    data.frame(item = item, done[, c("y", "top")], se = SE(done))
  }))
}

work <- function() {
  design <- raked()
  if (task == "rake") return(data.frame(weights = weights(design)))
  table30(design)
}

walls <- c(); processors <- c()
for (run in seq_len(runs)) {
  spent <- system.time(found <- work())
  walls <- c(walls, spent[["elapsed"]]); processors <- c(processors, spent[["user.self"]] + spent[["sys.self"]])
}
write.csv(format(found, digits = 17), args[4], row.names = FALSE, quote = FALSE)
peak <- as.numeric(sub("[^0-9]*([0-9]+).*", "\\1", grep("VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
cat(toJSON(list(wall = median(walls), cpu = median(processors), peak = peak, runs = runs), auto_unbox = TRUE, digits = 8), "\n")
