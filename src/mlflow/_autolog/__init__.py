"""Autologging: training functions of other libraries, patched so that they log what they do.

How to write an integration, in ``mlflow/<flavor>/autologging.py`` (a module named ``autolog`` would
hide the function of that name in its package)::

    @autologging_integration("flavor")
    def autolog(log_models=True, disable=False, exclusive=False, silent=False, extra_tags=None):
        safe_patch("flavor", Model, "fit", patched_fit, manage_run=True, extra_tags=extra_tags)

    def patched_fit(original, self, *args, **kwargs):
        log_params(...)                            # before; the active run is the one to log to
        result = original(self, *args, **kwargs)   # arguments may be changed, to add a callback
        log_metrics(...)                           # after
        return result

The decorator keeps the arguments as configuration (``get_autologging_config``), reverts the patches
of the call before, and runs the function unless ``disable`` is true. ``safe_patch`` sees to the
rest: the original runs exactly once, what it returns or raises is what the caller gets, a failure
of the patch is a warning, the random state is the caller's, warnings of logging code are dropped,
and ``manage_run`` opens a run where none is active. What is called inside of a function that
manages a run, in the same thread or a pool of threads that it waits for, logs no run of its own.
Values are logged through ``mlflow._autolog.log``: the journal takes them, nobody waits. The
flavor is added to the table in ``versions.py``; ``mlflow.autolog()`` finds it there.

Files: ``config`` (the decorator), ``patch`` (functions), ``session`` (one patched call), ``run``
(managed runs), ``quiet`` and ``random_state`` (what the caller must not notice), ``switch``
(``mlflow.autolog``), ``import_hook``, ``versions``, ``client`` and ``batch`` (queueing interfaces).
"""
