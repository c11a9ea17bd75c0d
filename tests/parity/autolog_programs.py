"""Training programs that both implementations run; what they log is compared."""

from typing import Final

SKLEARN_BEFORE: Final = """\
import numpy as np
import pandas as pd
import sklearn.metrics
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
import mlflow.sklearn

X, y = load_iris(return_X_y=True)
order = np.random.RandomState(0).permutation(150)
X, y = X[order], y[order]
B, c = load_breast_cancer(return_X_y=True)
D, t = load_diabetes(return_X_y=True)
Xf = pd.DataFrame(X, columns=["a", "b", "c", "d"])
"""

SKLEARN: Final = {
    "registered": """\
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(registered_model_name='mine')
with mlflow.start_run():
    mlflow.log_param('own', 1)
    LogisticRegression(max_iter=50).fit(B,c)
found = mlflow.MlflowClient().search_model_versions("name = 'mine'")
say([[one.name, int(one.version), str(one.status)] for one in found])
""",
    "binary": """\
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_models=False)
LogisticRegression(max_iter=50).fit(B,c)
""",
    "binary_poslabel": """\
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_models=False, pos_label=1)
LogisticRegression(max_iter=50).fit(B,c)
""",
    "strings": """\
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_models=False)
LogisticRegression(max_iter=50).fit(Xf,np.array(['u','v','w'])[y], sample_weight=np.ones(150))
""",
    "noproba": """\
from sklearn.svm import LinearSVC
mlflow.sklearn.autolog(log_models=False)
LinearSVC().fit(Xf,pd.Series(y,name='species'))
""",
    "regressor": """\
from sklearn.ensemble import RandomForestRegressor
mlflow.sklearn.autolog(log_models=False)
m=RandomForestRegressor(5,random_state=1).fit(D,t)
m.score(D,t)
""",
    "kmeans": """\
from sklearn.cluster import KMeans
mlflow.sklearn.autolog(log_models=False)
m=KMeans(3,random_state=1).fit(X)
KMeans(3,random_state=1).fit_predict(X)
m.transform(X)
KMeans(3,random_state=1).fit_transform(X, y)
""",
    "pca": """\
from sklearn.decomposition import PCA
mlflow.sklearn.autolog(log_models=False)
r=PCA(2).fit_transform(X); say(str(type(r)))
""",
    "pipeline": """\
from sklearn.pipeline import make_pipeline, Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_models=False)
p=make_pipeline(StandardScaler(), LogisticRegression())
p.fit(X,y); p.score(X,y); q=p.predict(X); sklearn.metrics.accuracy_score(y,q)
StandardScaler().fit(X)
""",
    "grid": """\
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC
mlflow.sklearn.autolog(log_models=False)
g=GridSearchCV(SVC(), {'kernel':['linear','rbf'],'C':[1,2,3]}, cv=3).fit(X,y)
g.score(X,y)
""",
    "random": """\
from sklearn.model_selection import RandomizedSearchCV
from sklearn.linear_model import Ridge
mlflow.sklearn.autolog(log_models=False, max_tuning_runs=2)
scoring=['r2','neg_mean_squared_error']
g=RandomizedSearchCV(Ridge(), {'alpha':[.1,.2,.3,.4]}, n_iter=3, cv=2, scoring=scoring, refit='r2',
                     random_state=0).fit(D,t)
""",
    "grid_none": """\
from sklearn.model_selection import GridSearchCV
from sklearn.linear_model import Ridge
mlflow.sklearn.autolog(log_models=False, max_tuning_runs=None)
g=GridSearchCV(Ridge(), {'alpha':[.1,.2]}, cv=2, refit=False).fit(D,t)
""",
    "nopost": """\
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_models=False, log_post_training_metrics=False, log_datasets=False)
m=LogisticRegression(max_iter=50).fit(X,y); m.score(X,y)
sklearn.metrics.accuracy_score(y,m.predict(X))
""",
    "post": """\
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
mlflow.sklearn.autolog(log_models=False)
m=LogisticRegression(max_iter=50).fit(X,y)
X_eval, y_eval = X[:100], y[:100]
p=m.predict(X_eval)
pp=m.predict_proba(X_eval)
sklearn.metrics.accuracy_score(y_eval,p)
sklearn.metrics.accuracy_score(y_true=y_eval,y_pred=p, normalize=False)
sklearn.metrics.log_loss(y[:30], m.predict_proba(X[:30]))
sklearn.metrics.roc_auc_score(y,m.predict_proba(X),multi_class='ovr')
sklearn.metrics.confusion_matrix(y_eval,p)
sklearn.metrics.precision_recall_fscore_support(y_eval,p)
sklearn.metrics.classification_report(y_eval,p)
m.score(X_eval,y_eval)
m.score(X=X_eval[:20],y=y_eval[:20])
m.score(X_eval,y_eval)
cross_val_score(LogisticRegression(),X,y)
sc=sklearn.metrics.get_scorer('f1_macro'); sc(m,X_eval,y_eval)
sc=sklearn.metrics.make_scorer(sklearn.metrics.f1_score, average='micro'); sc(m,X_eval,y_eval)
def inner():
    data=X[:50]; return sklearn.metrics.f1_score(y[:50], m.predict(data), average='macro')
inner()
sklearn.metrics.accuracy_score(y_eval, p.copy())
sklearn.metrics.accuracy_score(y_eval, p[:])
df=Xf[:10]; sklearn.metrics.accuracy_score(y[:10], m.predict(df))
sklearn.metrics.r2_score(y_eval, p)
with mlflow.start_run():
    sklearn.metrics.accuracy_score(y_eval,p)
sklearn.metrics.accuracy_score(p,y_eval)
from sklearn.linear_model import Ridge
m2=Ridge().fit(X,y)
sklearn.metrics.mean_squared_error(y, m2.predict(X))
q1,q2=m.predict(X), m2.predict(X)
sklearn.metrics.mean_squared_error(q1, q2)
""",
    "weights": """\
from sklearn.linear_model import LogisticRegression, Ridge
mlflow.sklearn.autolog(log_models=False)
w=np.arange(150)+1.0
LogisticRegression(max_iter=50).fit(X,y,sample_weight=w)
Ridge().fit(X,y,w)
""",
    "model_frame": """\
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_input_examples=True, extra_tags={'team':'a'})
LogisticRegression(max_iter=50).fit(Xf,pd.Series(y,name='species'))
""",
    "model_array": """\
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.linear_model import Ridge
mlflow.sklearn.autolog(log_input_examples=True, serialization_format='pickle')
make_pipeline(StandardScaler(), Ridge()).fit(X,y)
""",
    "model_nosig": """\
from sklearn.cluster import KMeans
mlflow.sklearn.autolog(log_model_signatures=False)
KMeans(3, random_state=1).fit(X)
""",
    "model_pca": """\
from sklearn.decomposition import PCA
mlflow.sklearn.autolog()
PCA(2).fit(X)
""",
    "model_grid": """\
from sklearn.model_selection import GridSearchCV
from sklearn.linear_model import Ridge
mlflow.sklearn.autolog()
g=GridSearchCV(Ridge(), {'alpha':[.1,.2]}, cv=2).fit(D,t)
g.predict(D); g.best_estimator_.score(D,t)
""",
    "voting": """\
from sklearn.ensemble import VotingClassifier, BaggingClassifier, StackingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.tree import DecisionTreeClassifier
mlflow.sklearn.autolog(log_models=False)
VotingClassifier([('l',LogisticRegression()),('t',DecisionTreeClassifier(random_state=0))]).fit(X,y)
BaggingClassifier(DecisionTreeClassifier(), 3, random_state=0).fit(X,y)
StackingRegressor([('r',Ridge())]).fit(D,t)
""",
    "own": """\
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
class Mine(ClassifierMixin, BaseEstimator):
    def fit(self,X,y): self.classes_=np.unique(y); return self
    def predict(self,X): return np.zeros(len(X))
class Derived(LogisticRegression):
    pass
class Over(LogisticRegression):
    def fit(self,X,y):
        super().fit(X,y); return self
mlflow.sklearn.autolog(log_models=False)
Mine().fit(X,y); Derived().fit(X,y); Over().fit(X,y)
""",
    "fails": """\
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_models=False)
try: LogisticRegression().fit(X,y[:3])
except ValueError as e: say(type(e).__name__)
""",
    "multioutput": """\
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsClassifier
mlflow.sklearn.autolog(log_models=False)
Ridge().fit(D, np.stack([t,t],1))
KNeighborsClassifier().fit(X, np.stack([y,y],1))
""",
    "sparse": """\
import scipy.sparse
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_models=False)
LogisticRegression().fit(scipy.sparse.csr_matrix(X), y)
LogisticRegression().fit(X.tolist(), y.tolist())
""",
    "names": """\
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_models=False)
m=LogisticRegression(max_iter=50).fit(X,y)
X_val,y_val=X[:100],y[:100]
def ev(model, A, b):
    model.score(A,b)
    q=model.predict(A)
    return sklearn.metrics.accuracy_score(b,q)
ev(m,X_val,y_val)
class H: pass
h=H(); h.X=X[:40]; h.y=y[:40]
m.score(h.X,h.y)
Z=X_val
m.score(Z,y_val,sample_weight=np.ones(100))
d={'a':X[:30]}; m.score(d['a'],y[:30])
sklearn.metrics.f1_score(y_val, m.predict(X_val), average='weighted', labels=[0,1,2])
sklearn.metrics.accuracy_score(y_val, m.predict(X_val), sample_weight=None)
with mlflow.start_run() as r:
    m3=LogisticRegression(max_iter=40).fit(X,y); m3.score(X_val,y_val)
m3.score(X_val,y_val)
m3.fit(X[:100],y[:100]); m3.score(X_val,y_val)
""",
    "nolabel": """\
from sklearn.svm import OneClassSVM
from sklearn.neighbors import LocalOutlierFactor, KernelDensity
from sklearn.mixture import GaussianMixture
from sklearn.isotonic import IsotonicRegression
from sklearn.cross_decomposition import CCA
mlflow.sklearn.autolog(log_models=False)
GaussianMixture(2,random_state=0).fit(X)
LocalOutlierFactor().fit_predict(X)
IsotonicRegression().fit(X[:,0],y)
CCA(1).fit(X,y)
""",
    "partial": """\
from sklearn.linear_model import SGDClassifier
mlflow.sklearn.autolog(log_models=False)
SGDClassifier(random_state=0).partial_fit(X,y,classes=[0,1,2])
""",
    "pipe2": """\
from sklearn.pipeline import Pipeline
from sklearn.decomposition import PCA
from sklearn.cluster import KMeans
mlflow.sklearn.autolog(log_models=False)
Pipeline([('p',PCA(2)),('k',KMeans(2,random_state=0))]).fit_predict(X)
Pipeline([('p',PCA(2)),('q',PCA(1))]).fit_transform(X)
Pipeline([('p',PCA(2)),('k',KMeans(2,random_state=0))]).fit(X,y)
""",
    "svc": """\
from sklearn.svm import LinearSVC, SVC
mlflow.sklearn.autolog(log_models=False)
LinearSVC().fit(B,c)
""",
    "xy": """\
from sklearn.dummy import DummyClassifier
mlflow.sklearn.autolog(log_models=False)
DummyClassifier().fit(X=X,y=pd.Series(y))
""",
    "frame_y": """\
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_models=False, pos_label='b')
LogisticRegression().fit(pd.DataFrame(B), pd.Series(np.where(c>0,'a','b')))
""",
    "halving": """\
from sklearn.experimental import enable_halving_search_cv
from sklearn.model_selection import HalvingGridSearchCV
from sklearn.linear_model import Ridge
mlflow.sklearn.autolog(log_models=False)
HalvingGridSearchCV(Ridge(),{'alpha':[.1,.2]},cv=2,random_state=0).fit(X,y)
""",
    "grid_pipe": """\
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_models=False, extra_tags={'e':'f'})
with mlflow.start_run(tags={'mine':'1'}):
    GridSearchCV(make_pipeline(StandardScaler(),LogisticRegression()),{'logisticregression__C':[1,2]},cv=2,n_jobs=2).fit(X,y)
""",
}

BOOSTING_BEFORE: Final = """\
import numpy as np, pandas as pd
from sklearn.datasets import load_iris, load_breast_cancer, load_diabetes
X,y=load_iris(return_X_y=True)
order=np.random.RandomState(0).permutation(150); X,y=X[order],y[order]
B,c=load_breast_cancer(return_X_y=True)
D,t=load_diabetes(return_X_y=True)
Xf=pd.DataFrame(X, columns=['a','b','c','d'])
import xgboost as xgb, lightgbm as lgb
import mlflow.xgboost, mlflow.lightgbm
"""

BOOSTING: Final = {
    "registered": """\
mlflow.xgboost.autolog(registered_model_name='boosted')
for rounds in (2, 3):
    xgb.train({'max_depth':2}, xgb.DMatrix(D,t), num_boost_round=rounds)
found = mlflow.MlflowClient().search_model_versions("name = 'boosted'")
say(sorted([one.name, int(one.version), str(one.status)] for one in found))
""",
    "xgb_train": """\
mlflow.xgboost.autolog(log_models=False)
d=xgb.DMatrix(Xf,y)
b=xgb.train({'objective':'multi:softprob','num_class':3,'max_depth':2},d,num_boost_round=4,evals=[(d,'train'),(xgb.DMatrix(Xf[:50],y[:50]),'valid')],verbose_eval=False)
""",
    "xgb_early": """\
mlflow.xgboost.autolog(log_models=False, importance_types=['weight','gain','cover'])
d=xgb.DMatrix(B[:400],c[:400]); e=xgb.DMatrix(B[400:],c[400:])
b=xgb.train({'objective':'binary:logistic','eval_metric':['auc','logloss'],'eta':.8},d,num_boost_round=60,evals=[(d,'train'),(e,'valid')],early_stopping_rounds=3,verbose_eval=False)
say(b.best_iteration)
""",
    "xgb_sk": """\
mlflow.xgboost.autolog(log_models=False)
m=xgb.XGBClassifier(n_estimators=3,max_depth=2).fit(X,y)
m.score(X,y); m.predict(X)
m=xgb.XGBRegressor(n_estimators=30,eval_metric=['rmse','mae'],early_stopping_rounds=2,learning_rate=.9).fit(D[:300],t[:300],eval_set=[(D[300:],t[300:])],verbose=False)
""",
    "xgb_sk_model": """\
mlflow.xgboost.autolog(log_input_examples=True)
m=xgb.XGBClassifier(n_estimators=3,max_depth=2).fit(Xf,y)
""",
    "xgb_both": """\
import mlflow.sklearn
from sklearn.model_selection import GridSearchCV
mlflow.xgboost.autolog(log_models=False)
mlflow.sklearn.autolog(log_models=False)
GridSearchCV(xgb.XGBRegressor(n_estimators=2),{'max_depth':[1,2]},cv=2).fit(D,t)
m=xgb.XGBClassifier(n_estimators=3,max_depth=2).fit(X,y)
""",
    "lgb_train": """\
mlflow.lightgbm.autolog(log_models=False)
d=lgb.Dataset(Xf,y,free_raw_data=False)
b=lgb.train({'objective':'multiclass','num_class':3,'verbose':-1,'metric':['multi_logloss','multi_error']},d,num_boost_round=3,valid_sets=[d,d.create_valid(Xf[:50],y[:50])],valid_names=['train','valid'])
""",
    "lgb_early": """\
mlflow.lightgbm.autolog(log_models=False)
d=lgb.Dataset(B[:400],c[:400]); e=lgb.Dataset(B[400:],c[400:])
b=lgb.train({'objective':'binary','metric':'auc','verbose':-1,'learning_rate':.8},d,num_boost_round=60,valid_sets=[e],callbacks=[lgb.early_stopping(3,verbose=False)])
say(b.best_iteration)
""",
    "lgb_sk": """\
mlflow.lightgbm.autolog(log_models=False)
m=lgb.LGBMClassifier(n_estimators=3,verbose=-1).fit(Xf,y)
m=lgb.LGBMRegressor(n_estimators=3,verbose=-1).fit(D[:300],t[:300],eval_set=[(D[300:],t[300:])])
m.score(D,t)
""",
    "lgb_sk_model": """\
mlflow.lightgbm.autolog()
m=lgb.LGBMClassifier(n_estimators=3,verbose=-1).fit(Xf,y)
""",
    "xgb_model_eval": """\
mlflow.xgboost.autolog()
d=xgb.DMatrix(D,t)
b=xgb.train({},d,num_boost_round=3,evals=[(d,'train')],early_stopping_rounds=50,verbose_eval=False)
""",
    "lgb_model_eval": """\
mlflow.lightgbm.autolog()
d=lgb.Dataset(D,t)
b=lgb.train({'verbose':-1},d,num_boost_round=3,valid_sets=[lgb.Dataset(D,t)],callbacks=[lgb.early_stopping(50,verbose=False)])
""",
    "lgb_rank": """\
mlflow.lightgbm.autolog(log_models=False)
d=lgb.Dataset(X,y,group=[50,50,50],free_raw_data=False)
b=lgb.train({'objective':'lambdarank','metric':'ndcg','eval_at':[1,3],'verbose':-1},d,2,[d])
""",
    "lgb_early_param": """\
mlflow.lightgbm.autolog(log_models=False)
d=lgb.Dataset(B[:400],c[:400]); e=lgb.Dataset(B[400:],c[400:])
b=lgb.train({'objective':'binary','metric':['auc','binary_logloss'],'verbose':-1,'learning_rate':.8,'early_stopping_round':3},d,60,valid_sets=[d,e],
            valid_names=['tr','va'])
""",
    "lgb_post": """\
import sklearn.metrics
mlflow.lightgbm.autolog(log_models=False)
m=lgb.LGBMClassifier(n_estimators=3,verbose=-1).fit(Xf,y)
p=m.predict(Xf)
sklearn.metrics.accuracy_score(y,p)
""",
    "xgb_early_pair": """\
mlflow.xgboost.autolog(log_models=False)
d=xgb.DMatrix(B[:400],c[:400]); e=xgb.DMatrix(B[400:],c[400:])
b=xgb.train({'objective':'binary:logistic','eta':.9},d,60,evals=[(e,'v')],callbacks=[xgb.callback.EarlyStopping(2)],verbose_eval=False)
""",
    "xgb_rank": """\
mlflow.xgboost.autolog(log_models=False, log_datasets=False)
d=xgb.DMatrix(X,y); d.set_group([50,50,50])
b=xgb.train({'objective':'rank:ndcg','eval_metric':'ndcg@3'},d,num_boost_round=2,evals=[(d,'train')],verbose_eval=False)
""",
}

STATSMODELS_BEFORE: Final = """\
import numpy as np, pandas as pd
import statsmodels.api as sm, statsmodels.formula.api as smf
import mlflow.statsmodels
rng=np.random.RandomState(0)
x=rng.normal(size=(50,2)); z=x@[1.,2.]+rng.normal(size=50)*.1+1
f=pd.DataFrame({'u':x[:,0],'v':x[:,1],'z':z})
"""

STATSMODELS: Final = {
    "ols": """\
mlflow.statsmodels.autolog(log_models=False)
r=sm.OLS(z,sm.add_constant(x)).fit()
""",
    "ols_formula": """\
mlflow.statsmodels.autolog(log_models=False, extra_tags={'q':'r'})
r=smf.ols('z ~ u + v',f).fit(cov_type='HC0')
""",
    "glm": """\
mlflow.statsmodels.autolog(log_models=False)
r=sm.GLM(z,x,family=sm.families.Gaussian()).fit()
r=sm.Logit((z>1).astype(int),x).fit(disp=0)
""",
    "tsa": """\
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.holtwinters import SimpleExpSmoothing
mlflow.statsmodels.autolog(log_models=False)
ARIMA(z,order=(1,0,0)).fit()
SimpleExpSmoothing(z,initialization_method='estimated').fit()
""",
    "model": """\
mlflow.statsmodels.autolog()
r=sm.OLS(z,x).fit()
""",
    "regularized": """\
mlflow.statsmodels.autolog(log_models=False)
r=sm.OLS(z,x).fit_regularized(alpha=.1)
""",
    "loop": """\
mlflow.statsmodels.autolog(log_models=False)
with mlflow.start_run():
    sm.WLS(z,x,weights=np.ones(50)).fit()
try: sm.OLS(z,x[:10]).fit()
except ValueError as e: say(str(e))
sm.GLS(z,x).fit(method='qr')
""",
}
