# Fits R's own data sets, writes each fit by the recipe of docs/recipes.md, and R's own predictions beside it.
# Rscript recipe_cases.R <docs/recipes.md> <folder>; the committed files are those of R 4.2.2 in models/r.
arguments <- commandArgs(trailingOnly = TRUE)
lines <- readLines(arguments[1], encoding = "UTF-8")
start <- which(lines == "```r")[1]
end <- which(lines == "```" & seq_along(lines) > start)[1]
eval(parse(text = lines[(start + 1):(end - 1)]))

mtcars$gears <- paste(mtcars$gear, '"gears"')
fits <- list(
  lm = lm(mpg ~ wt + hp, mtcars),
  "lm-factors" = lm(Sepal.Length ~ Petal.Length + Species + Sepal.Width, iris),
  "lm-texts" = lm(mpg ~ gears + wt, mtcars),
  "lm-rank" = lm(mpg ~ wt + w2, transform(mtcars, w2 = 2 * wt)),
  "lm-no-intercept" = lm(dist ~ 0 + speed, cars),
  gaussian = glm(mpg ~ wt + qsec, gaussian, mtcars),
  binomial = glm(am ~ wt + hp, binomial, mtcars),
  poisson = glm(breaks ~ wool + tension, poisson, warpbreaks),
  gamma = glm(mpg ~ wt + hp, Gamma, mtcars),
  "gamma-log" = glm(mpg ~ wt + hp, Gamma(link = "log"), mtcars)
)
for (name in names(fits)) {
  fit <- fits[[name]]
  write_modeldrop(fit, file.path(arguments[2], paste0(name, ".json")))
  predicted <- predict(fit, model.frame(fit), type = "response")
  writeLines(sprintf("%.17g", head(predicted, 20)), file.path(arguments[2], paste0(name, ".txt")))
}
for (fit in list(lm(mpg ~ log(wt), mtcars), glm(am ~ wt, binomial(link = "probit"), mtcars), lm(mpg ~ wt * hp, mtcars))) {
  stopifnot(inherits(try(write_modeldrop(fit, file.path(arguments[2], "refused.json")), silent = TRUE), "try-error"))
}
