import json, numpy as np, sys
from sklearn.linear_model import Lasso, ElasticNet, Ridge
d=np.genfromtxt('data/diabetes_raw.csv',delimiter=',',skip_header=1)
idx=np.loadtxt('data/diabetes_raw.train.idx',dtype=int)
X,y=d[idx,:-1],d[idx,-1]
out={}
def fit(name,m,w=None):
    m.fit(X,y,sample_weight=w); out[name]={'coef':m.coef_.tolist(),'intercept':float(m.intercept_)}
w=1+np.arange(len(y))%3
fit('lasso_alpha0.1',Lasso(alpha=.1,tol=1e-14,max_iter=10**6)); fit('lasso_alpha5',Lasso(alpha=5,tol=1e-14,max_iter=10**6))
fit('enet_alpha0.5_rho0.3',ElasticNet(alpha=.5,l1_ratio=.3,tol=1e-14,max_iter=10**6))
fit('ridge_alpha10_weighted',Ridge(alpha=10,solver='cholesky'),w); fit('lasso_alpha1_weighted',Lasso(alpha=1,tol=1e-14,max_iter=10**6),w)
json.dump(out,open('results/penalised.json','w'),indent=1)
