# Every statistic on jackknife and bootstrap replicates, plain and raked again in each replicate.
source("../reference.R")
data(api)
plan$categories <- I(c("stype","awards","comp.imp","sch.wide"))
k <- apistrat[, c("snum","dnum","stype","awards","comp.imp","sch.wide","api00","api99","enroll","meals","ell","mobility","pw","fpc")]
k$meals[seq(2,nrow(k),9)] <- NA; k$q <- pmin(5,1+k$ell %/% 12); k$q[seq(5,nrow(k),13)] <- NA; k$q2 <- pmin(5,1+k$mobility %/% 8)
set.seed(4); b <- as.svrepdesign(svydesign(id=~1,strata=~stype,weights=~pw,data=k), type="subbootstrap", replicates=30, compress=FALSE)
F <- paste0("b",1:30); fac <- as.matrix(b$repweights); colnames(fac) <- F
k <- through_file(cbind(k, fac), "data.csv"); none <- I(character())
lin <- svydesign(id=~1,strata=~stype,weights=~pw,fpc=~fpc,data=k)
made <- list(jkn=list(as.svrepdesign(svydesign(id=~1,strata=~stype,weights=~pw,data=k),type="JKn"), list(method="jkn"), I("stype")),
  boot=list(svrepdesign(data=k,weights=~pw,repweights=k[,F],type="bootstrap",combined.weights=FALSE,scale=1/29,rscales=rep(1,30),mse=TRUE), list(method="bootstrap",columns=F,combined=FALSE,mse=TRUE), I("stype")))
marg <- list(list(variables=I("stype"),totals=list(E=4421,H=755,M=1018)), list(variables=I("sch.wide"),totals=list(No=1072,Yes=5122)))
for (nm in c("jkn","boot")) { d <- made[[nm]][[1]]
  plan$designs[[nm]] <- list(weights="pw",strata=made[[nm]][[3]],clusters=none,fpc=none,replicates=made[[nm]][[2]])
  r <- calibrate(d, ~stype+sch.wide, c(`(Intercept)`=6194,stypeH=755,stypeM=1018,sch.wideYes=5122), calfun="raking", epsilon=1e-11, maxit=500, compress=FALSE)
  rn <- paste(nm,"raked"); plan$designs[[rn]] <- c(plan$designs[[nm]], list(adjust=list(method="rake",tolerance=1e-12,margins=marg)))
  for (z in list(list(nm,d),list(rn,r))) { n <- z[[1]]; x <- z[[2]]
    ask_share(paste("share by type,",n), n, x, list(column="awards",equals="Yes"), by="stype")
    ask_share(paste("share at least, gaps,",n), n, x, list(column="q",at_least=4), by="comp.imp")
    s <- answered(x,"meals"); ask(paste("population variance,",n), n, "variance", cell(svyvar(~meals,s), s, rows(s)), y="meals")
    m <- domain_means(x,"meals","stype"); ask(paste("domain means,",n), n, "covariance", m[c("levels","estimate")], y="meals", by=I("stype"))
    s <- answered(x,"q"); s$variables$.f <- factor(s$variables$q); m <- svymean(~.f,s); ask(paste("distribution,",n), n, "distribution", list(categories=as.numeric(levels(s$variables$.f)), estimate=as.numeric(coef(m)), se=as.numeric(SE(m))), y="q")
    s <- answered(x,c("q","q2")); s$variables$.g <- s$variables$q - s$variables$q2; m <- svymean(~.g,s); ask(paste("difference of items,",n), n, "item_difference", t_test(as.numeric(coef(m)),as.numeric(SE(m)),domain_df(s)), y=c("q","q2"))
    x$variables$.i <- with(x$variables, ifelse((!is.na(q))+(!is.na(q2))>=1, rowMeans(cbind(q,q2),na.rm=TRUE), NA)); ask(paste("index by awards,",n), n, "index", with_by(x,"awards",function(s){s<-answered(s,".i");cell(svymean(~.i,s),s,rows(s))}), y=c("q","q2"), answered=1, by=I("awards"))
    ask_ratio(paste("ratio by comp.imp,",n), n, x, "meals","enroll",by="comp.imp"); ask_total(paste("total by two columns,",n), n, x, "meals",by=c("stype","awards"))
    by2 <- svyby(~api00, ~awards, x, svymean, covmat=TRUE); c1 <- svycontrast(by2,c(-1,1)); ask(paste("difference of domains,",n), n, "difference", t_test(as.numeric(c1),as.numeric(SE(c1)),domain_df(x)), y="api00", by=I("awards"), plus="Yes", minus="No")
    tt <- svymean(~interaction(stype,awards), x); 
    ask(paste("crosstab,",n), n, "crosstab", list(cells=unlist(lapply(c("No","Yes"),function(a) lapply(c("E","H","M"),function(s) {nme<-paste0("interaction(stype, awards)",s,".",a); list(stype=s,awards=a,share=as.numeric(coef(tt)[nme]),se=as.numeric(SE(tt)[names(coef(tt))==nme]))})),recursive=FALSE)), rows="stype", columns="awards")
  }
}
a <- made$boot[[1]]; m1 <- svymean(~api00,a); m2 <- svymean(~api00, lin); v <- c(SE(m1)^2,SE(m2)^2); plan$designs$lin <- list(weights="pw",strata=I("stype"),clusters=none,fpc=I("fpc"))
ask("waves, one replicated, one linearised", NULL, "wave_difference", t_test(as.numeric(coef(m2)-coef(m1)), sqrt(sum(v)), sum(v)^2/(v[1]^2/domain_df(a)+v[2]^2/domain_df(lin))), designs=c("boot","lin"), y="api00")
finish()
