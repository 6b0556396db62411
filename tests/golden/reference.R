# What every make.R shares: asks and answers are collected side by side, then written as plan.json and expected.json.
# Run from the case's folder: Rscript make.R
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", survey.adjust.domain.lonely = FALSE, digits = 17)

plan <- list(format = 1, data = "data.csv", categories = I(character()), designs = setNames(list(), character()), ask = list())
expected <- list()

# Data goes through the file first, so that R and we read the same digits.
through_file <- function(data, file, categories = character()) {
  write.csv(data, file, row.names = FALSE, na = "")
  back <- read.csv(file, check.names = FALSE, na.strings = "", stringsAsFactors = FALSE,
                   colClasses = setNames(rep("character", length(categories)), categories))
  for (name in names(back)) if (is.character(back[[name]])) back[[name]] <- factor(back[[name]], levels = sort(unique(back[[name]]), method = "radix"))
  back
}

design <- function(name, ...) plan$designs[[name]] <<- list(...)

ask <- function(id, design, statistic, answer, ...) {
  given <- list(id = id, design = design, statistic = statistic, ...)
  if (is.null(design)) given$design <- NULL
  if (id %in% names(expected)) stop("two asks are called ", id)
  plan$ask[[length(plan$ask) + 1]] <<- given
  expected[[id]] <<- answer
}

finish <- function() {
  write_json(plan, "plan.json", auto_unbox = TRUE, digits = I(17), pretty = 1, null = "null")
  write_json(list(made_with = list(R = paste(R.version$major, R.version$minor, sep = "."),
                                   survey = as.character(packageVersion("survey"))), results = expected),
             "expected.json", auto_unbox = TRUE, digits = I(17), pretty = 1, na = "null", null = "null")
}

# Degrees of freedom of the domain: PSUs less strata, both with members that answered and have a weight.
domain_df <- function(sub) {
  if (inherits(sub, "svyrep.design")) {
    w <- weights(sub, "analysis")
    return(qr(w[weights(sub, "sampling") != 0, , drop = FALSE], tol = 1e-5)$rank - 1)
  }
  inside <- weights(sub, "sampling") != 0
  length(unique(sub$cluster[inside, 1])) - length(unique(sub$strata[inside, 1]))
}

t_ci <- function(estimate, se, df, level = 0.95) {
  if (df < 1) return(NULL)
  I(estimate + c(-1, 1) * qt((1 + level) / 2, df) * se)
}

cell <- function(stat, sub, n, level = 0.95) {
  estimate <- as.numeric(coef(stat)); se <- as.numeric(SE(stat)); df <- domain_df(sub)
  if (se > 0 && se < 1e-10 * abs(estimate)) return(list(estimate = estimate, se = 0, n = n, df = df, ci = I(c(estimate, estimate)), reason = "fixed by the margins"))
  out <- list(estimate = estimate, se = se, n = n, df = df, ci = t_ci(estimate, se, df, level))
  d <- attr(stat, "deff"); if (!is.null(d)) {
    out$deff <- as.numeric(d); out$n_eff <- n / out$deff; w <- weights(sub, "sampling"); out$kish_deff <- n * sum(w^2) / sum(w)^2
    if (df >= 1) out$quality <- if (n < 30) "suppress" else if (df < 8 || out$n_eff < 30) "caution" else "ok"
  }
  out
}

# Rows that answered in all the columns given.
answered <- function(d, columns) {
  frame <- if (inherits(d, "svyrep.design")) d$variables else model.frame(d)
  sub <- subset(d, complete.cases(frame[, columns, drop = FALSE]))
  # a calibrated design keeps the rows with weight 0: R then wants numbers there
  for (name in columns) if (is.numeric(sub$variables[[name]])) sub$variables[[name]][is.na(sub$variables[[name]])] <- 0
  sub
}
rows <- function(d) sum(weights(d, "sampling") != 0)

# One cell per combination of levels that has members; the value of `one(sub)` with the domain put first.
by_cells <- function(d, by, one) {
  frame <- d$variables[, by, drop = FALSE]
  there <- unique(frame[complete.cases(frame), , drop = FALSE])
  there <- there[do.call(order, unname(as.list(there))), , drop = FALSE]
  cells <- lapply(seq_len(nrow(there)), function(i) {
    inside <- rep(TRUE, nrow(frame))
    for (v in by) inside <- inside & !is.na(frame[[v]]) & frame[[v]] == there[i, v]
    c(list(domain = setNames(lapply(by, function(v) as.character(there[i, v])), by)), one(d[inside, ]))
  })
  list(cells = unname(cells))
}
with_by <- function(d, by, one) if (is.null(by)) one(d) else by_cells(d, by, one)

f <- function(...) as.formula(paste0("~", paste0("`", c(...), "`", collapse = "+")))

ask_mean <- function(id, name, d, y, by = NULL, level = 0.95, deff = !inherits(d, "svyrep.design")) {
  answer <- with_by(d, by, function(sub) {
    sub <- answered(sub, y)
    cell(svymean(f(y), sub, deff = if (deff) "replace" else FALSE), sub, rows(sub), level)
  })
  ask(id, name, "mean", answer, y = y, by = I(as.character(by)), level = level)
}

ask_total <- function(id, name, d, y, by = NULL, level = 0.95) {
  answer <- with_by(d, by, function(sub) { sub <- answered(sub, y); cell(svytotal(f(y), sub), sub, rows(sub), level) })
  ask(id, name, "total", answer, y = y, by = I(as.character(by)), level = level)
}

ask_ratio <- function(id, name, d, y, x, by = NULL) {
  answer <- with_by(d, by, function(sub) {
    sub <- answered(sub, c(y, x)); cell(svyratio(f(y), f(x), sub), sub, rows(sub))
  })
  ask(id, name, "ratio", answer, y = y, x = x, by = I(as.character(by)))
}

# The four intervals of a share by the contract's formulas, from R's estimate and standard error.
share_intervals <- function(p, se, n, df, level = 0.95, logit_se = se / (p * (1 - p))) {
  t <- qt((1 + level) / 2, df); a <- (1 - level) / 2
  factor <- (qt((1 + level) / 2, n - 1) / t)^2
  kg <- function(m) {
    x <- m * p
    c(if (p == 0) 0 else qbeta(a, x, m - x + 1), if (p == 1) 1 else qbeta(1 - a, x + 1, m - x))
  }
  if (p == 0 || p == 1) return(list(korn_graubard = I(kg(n * factor))))
  m <- p * (1 - p) / se^2
  wilson <- (p + t^2 / (2 * m) + c(-1, 1) * t * sqrt(p * (1 - p) / m + t^2 / (4 * m^2))) / (1 + t^2 / m)
  list(wald = I(p + c(-1, 1) * t * se), logit = I(plogis(qlogis(p) + c(-1, 1) * t * logit_se)),
       wilson = I(wilson), korn_graubard = I(kg(min(m * factor, n))))
}

# Parker et al. (2017) with the Korn and Graubard interval.
share_quality <- function(p, n, n_eff, df, kg) {
  width <- diff(kg)
  if (n < 30 || n_eff < 30 || width >= 0.30 || (width > 0.05 && width > 1.3 * p)) return("suppress")
  if (df < 8 || p == 0 || p == 1) return("caution")
  "ok"
}

ask_share <- function(id, name, d, where, by = NULL, level = 0.95) {
  column <- where$column
  yes <- function(v) if (!is.null(where$equals)) as.character(v) == as.character(where$equals) else
    if (!is.null(where$at_least)) v >= where$at_least else as.character(v) %in% as.character(where[["in"]])
  d$variables$yes <- as.numeric(yes(d$variables[[column]]))
  answer <- with_by(d, by, function(sub) {
    sub <- answered(sub, "yes"); n <- rows(sub); df <- domain_df(sub)
    replicated <- inherits(sub, "svyrep.design")
    stat <- svymean(~yes, sub, deff = if (replicated) FALSE else "replace")
    p <- as.numeric(coef(stat)); se <- as.numeric(SE(stat))
    logit_se <- if (replicated && p > 0 && p < 1) as.numeric(SE(withReplicates(sub, function(w, v) qlogis(sum(w * v$yes) / sum(w)))))
                else se / (p * (1 - p))
    intervals <- share_intervals(p, se, n, df, level, logit_se)
    few <- min(n * p, n * (1 - p)) < 10
    out <- list(estimate = p, se = se, n = n, df = df, intervals = intervals,
                ci = if (few) intervals$korn_graubard else intervals$logit)
    if (!replicated && p > 0 && p < 1) {
      out$deff <- as.numeric(deff(stat)); out$n_eff <- n / out$deff
      out$quality <- share_quality(p, n, out$n_eff, df, intervals$korn_graubard)
    }
    out
  })
  ask(id, name, "proportion", answer, where = where, by = I(as.character(by)), level = level)
}

t_test <- function(estimate, se, df, level = 0.95) {
  list(estimate = estimate, se = se, df = df, t = estimate / se, p = 2 * pt(-abs(estimate / se), df),
       ci = t_ci(estimate, se, df, level))
}

weight_answer <- function(w, base) {
  n <- length(w); kish <- n * sum(w^2) / sum(w)^2; g <- w / base
  list(weights = w, sum = sum(w), min = min(w), max = max(w), cv2 = kish - 1, kish_deff = kish, n_eff = n / kish,
       g_min = min(g), g_max = max(g))
}

# Domain means with their covariance, as ratios of totals: works on calibrated and replicate designs alike.
domain_means <- function(d, y, by) {
  v <- d$variables
  known <- !is.na(v[[y]]); levels <- sort(unique(as.character(v[[by]][known & !is.na(v[[by]])])), method = "radix")
  for (i in seq_along(levels)) {
    inside <- known & !is.na(v[[by]]) & as.character(v[[by]]) == levels[i]
    d$variables[[paste0(".y", i)]] <- ifelse(inside, v[[y]], 0); d$variables[[paste0(".n", i)]] <- as.numeric(inside)
  }
  k <- length(levels)
  totals <- svytotal(f(paste0(".y", 1:k), paste0(".n", 1:k)), d)
  top <- coef(totals)[1:k]; size <- coef(totals)[k + 1:k]
  J <- cbind(diag(1 / size, k), diag(-top / size^2, k))
  list(levels = levels, estimate = as.numeric(top / size), vcov = unname(J %*% vcov(totals) %*% t(J)))
}
