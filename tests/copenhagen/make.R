# Copenhagen's rental housing (Madsen 1976), as Debian's r-cran-mass ships it, in every form that people send around.
library(MASS)
counted <- data.frame(lapply(housing[c("Sat", "Infl", "Type", "Cont")], as.character), Freq = housing$Freq)
write.csv(counted, "counted.csv", row.names = FALSE)
one <- housing[rep(seq_len(nrow(housing)), housing$Freq), c("Sat", "Infl", "Type", "Cont")]
one$Sat <- factor(one$Sat, ordered = FALSE)
write.csv(one, "housing.csv", row.names = FALSE)
haven::write_sav(one, "housing.sav")
haven::write_dta(one, "housing.dta")
fit <- polr(Sat ~ Infl + Type + Cont, data = housing, weights = Freq)
answer <- list(coefficients = unname(coef(fit)), cuts = unname(fit$zeta), deviance = deviance(fit), n = nrow(one))
