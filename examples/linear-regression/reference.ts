/** Scikit-learn 1.2.1, LinearRegression on rows 0 to 79; those asked for are printed with eight decimals. */
export const reference = {
  asked: {
    x: [2, 3, 4, 5],
    predict: [5.06887573, 7.03577614, 9.00267654, 10.96957694],
  },
  heldBack: {
    x: [0.317983179393976, 0.41426299451466997, 0.06414749634878436, 0.6924721193700198, 0.5666014542065752],
    predict: [1.7605161712376485, 1.9498889783440885, 1.26124666410586, 2.4970986179807957, 2.2495235560171274],
  },
};
