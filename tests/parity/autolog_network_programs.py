"""Programs that train small networks, for both implementations."""

from __future__ import annotations

from typing import Final

KERAS_BEFORE: Final = """\
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
keras.utils.disable_interactive_logging()
keras.backend.clear_session()
keras.utils.set_random_seed(0)
X = np.random.RandomState(0).rand(20, 3).astype("float32")
y = X.sum(1)
layers = [keras.Input((3,)), keras.layers.Dense(4, name="a"), keras.layers.Dense(1, name="b")]
model = keras.Sequential(layers, name="net")
model.compile(keras.optimizers.Adam(0.01, name="adam"), keras.losses.MeanSquaredError(),
              metrics=["mae"])
"""
KERAS: Final = {
    "keras": """\
mlflow.keras.autolog(log_models=False)
model.fit(X, y, epochs=2, batch_size=5, validation_split=0.2, verbose=0)
""",
    "keras_callback": """\
with mlflow.start_run():
    model.fit(X, y, epochs=2, batch_size=5, verbose=0, callbacks=[
        mlflow.keras.MlflowCallback(log_every_epoch=False, log_every_n_steps=2)])
""",
    "tensorflow": """\
mlflow.tensorflow.autolog(log_models=False)
model.fit(X, y, epochs=2, validation_data=(X, y), verbose=0)
""",
    "tensorflow_steps": """\
mlflow.tensorflow.autolog(
    log_models=False, log_every_epoch=False, log_every_n_steps=3, checkpoint=False)
with mlflow.start_run():
    model.fit(X, y, epochs=2, batch_size=5, verbose=0)
""",
    "early": """\
mlflow.tensorflow.autolog(log_models=False, checkpoint=False, extra_tags={"a": "b"})
model.fit(X, y, epochs=5, validation_split=0.2, verbose=0, callbacks=[
    keras.callbacks.EarlyStopping("val_loss", patience=1, min_delta=10, restore_best_weights=True)])
""",
    "every_epoch": """\
mlflow.tensorflow.autolog(log_models=False, checkpoint_save_best_only=False)
model.fit(X, y, epochs=2, batch_size=5, verbose=0)
say(type(mlflow.tensorflow.load_checkpoint(run_id=mlflow.last_active_run().info.run_id)).__name__)
""",
}
LIGHTNING_BEFORE: Final = """\
import logging
import warnings
import torch
import pytorch_lightning as pl
warnings.simplefilter("ignore")
logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
torch.manual_seed(0)
data = torch.rand(20, 3)
pairs = torch.utils.data.TensorDataset(data, data.sum(1, keepdim=True))
loader = torch.utils.data.DataLoader(pairs, batch_size=5)
class Net(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(3, 1)
    def forward(self, x):
        return self.layer(x)
    def loss(self, batch):
        return (self(batch[0]) - batch[1]).pow(2).mean()
    def training_step(self, batch, index):
        loss = self.loss(batch)
        self.log("train_loss", loss, on_step=True, on_epoch=True)
        return loss
    def validation_step(self, batch, index):
        self.log("val_loss", self.loss(batch))
    def test_step(self, batch, index):
        self.log("test_loss", self.loss(batch))
    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.1)
def trainer(**options):
    return pl.Trainer(max_epochs=3, enable_progress_bar=False, enable_model_summary=False,
                      logger=False, accelerator="cpu",
                      **{"enable_checkpointing": False, **options})
"""
LIGHTNING: Final = {
    "fit": """\
mlflow.pytorch.autolog(log_models=False)
trainer().fit(Net(), loader, loader)
""",
    "steps": """\
mlflow.pytorch.autolog(
    log_every_n_step=3, log_every_n_epoch=2, log_models=False, checkpoint=False)
with mlflow.start_run():
    one = trainer()
    net = Net()
    one.fit(net, loader, loader)
    one.test(net, loader, verbose=False)
""",
    "every_step": """\
mlflow.pytorch.autolog(log_models=False, checkpoint_save_best_only=False,
    checkpoint_save_freq=5, checkpoint_save_weights_only=True, extra_tags={"a": "b"})
trainer().fit(Net(), loader)
""",
    "early": """\
mlflow.pytorch.autolog(log_models=False, checkpoint=False)
stop = pl.callbacks.EarlyStopping("val_loss", patience=1, min_delta=10)
trainer(callbacks=[stop], enable_checkpointing=True).fit(Net(), loader, loader)
""",
    "failing": """\
mlflow.pytorch.autolog(log_models=False)
class Bad(Net):
    def training_step(self, batch, index):
        raise ValueError("bad")
trainer().fit(Bad(), loader)
""",
}
TRANSFORMERS_BEFORE: Final = """\
import os
os.environ["HF_HUB_OFFLINE"] = "1"
import logging
import warnings
import numpy as np
import torch
import transformers
warnings.simplefilter("ignore")
transformers.logging.set_verbosity_error()
torch.manual_seed(0)
words = "[PAD] [UNK] [CLS] [SEP] [MASK] hello world good bad".split()
tokenizer = transformers.BertTokenizer(vocab={word: at for at, word in enumerate(words)})
rows = [{**tokenizer(text), "labels": label}
        for text, label in [("hello good", 1), ("bad world", 0), ("good", 1), ("hello bad", 0)]]
def trainer(more=None, **options):
    network = transformers.BertForSequenceClassification(transformers.BertConfig(
        vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=8, max_position_embeddings=16))
    arguments = transformers.TrainingArguments(**{**dict(
        output_dir="out", report_to="mlflow", num_train_epochs=2, per_device_train_batch_size=2,
        logging_steps=1, save_strategy="no", use_cpu=True, disable_tqdm=True, seed=0), **options})
    return transformers.Trainer(network, arguments, train_dataset=rows, eval_dataset=rows,
        data_collator=transformers.DataCollatorWithPadding(tokenizer), **(more or {}))
"""
TRANSFORMERS: Final = {
    "reported": """\
mlflow.transformers.autolog()
trainer(eval_strategy="epoch", run_name="named").train()
""",
    "active": """\
mlflow.transformers.autolog()
with mlflow.start_run():
    trainer().train()
    mlflow.log_metric("after", 1)
""",
    "without": """\
trainer(max_steps=1).train()
""",
    "unasked": """\
mlflow.transformers.autolog()
trainer(report_to="none").train()
""",
    "inside": """\
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
mlflow.sklearn.autolog()
mlflow.transformers.autolog(extra_tags={"a": "b"})
def measured(found):
    LogisticRegression().fit(np.eye(2), np.array([0, 1]))
    return {"accuracy": accuracy_score(found.label_ids, found.predictions.argmax(1))}
trainer({"compute_metrics": measured}, eval_strategy="epoch").train()
""",
    "outside": """\
from sklearn.linear_model import LogisticRegression
mlflow.transformers.autolog()
mlflow.sklearn.autolog(log_models=False)
trainer(max_steps=1).train()
mlflow.sklearn.autolog(log_models=False)
LogisticRegression().fit(np.eye(2), np.array([0, 1]))
""",
    "artifacts": """\
more = {"HF_MLFLOW_LOG_ARTIFACTS": "1", "MLFLOW_TAGS": '{"team": "blue"}',
        "MLFLOW_FLATTEN_PARAMS": "1"}
os.environ.update(more)
try:
    trainer(save_strategy="epoch", save_total_limit=1).train()
finally:
    for name in more:
        os.environ.pop(name)
""",
    "failing": """\
mlflow.transformers.autolog()
def bad(found):
    raise ValueError("bad")
trainer({"compute_metrics": bad}, eval_strategy="epoch").train()
""",
}
PADDLE_BEFORE: Final = """\
import warnings
import numpy as np
import paddle
warnings.simplefilter("ignore")
paddle.seed(0)
X = np.random.RandomState(0).rand(20, 3).astype("float32")
Y = X.sum(1, keepdims=True)
class Data(paddle.io.Dataset):
    def __len__(self):
        return len(X)
    def __getitem__(self, index):
        return X[index], Y[index]
def trained(*data, **options):
    spec = paddle.static.InputSpec
    model = paddle.Model(paddle.nn.Sequential(paddle.nn.Linear(3, 1)),
                         spec([None, 3], "float32", "x"), spec([None, 1], "float32", "y"))
    model.prepare(paddle.optimizer.Adam(0.01, parameters=model.parameters()), paddle.nn.MSELoss())
    model.fit(*data, batch_size=5, shuffle=False, verbose=0, **options)
    return model
"""
PADDLE: Final = {
    "fit": """\
mlflow.paddle.autolog(log_models=False)
trained(Data(), epochs=3)
""",
    "every": """\
mlflow.paddle.autolog(log_every_n_epoch=2, log_models=False, extra_tags={"a": "b"})
trained(Data(), Data(), epochs=5)
""",
    "active": """\
mlflow.paddle.autolog(log_models=False)
with mlflow.start_run():
    trained(Data(), epochs=1).evaluate(Data(), verbose=0)
""",
    "early": """\
mlflow.paddle.autolog(log_models=False)
trained(Data(), Data(), epochs=6, callbacks=[paddle.callbacks.EarlyStopping(
    "loss", patience=1, min_delta=10, verbose=0, save_best_model=False)])
""",
    "failing": """\
mlflow.paddle.autolog(log_models=False)
class Bad(paddle.callbacks.Callback):
    def on_train_batch_end(self, step, logs=None):
        raise ValueError("bad")
trained(Data(), epochs=1, callbacks=[Bad()])
""",
}
