"""What `accepted.py` draws from: for each class its arguments, the usual value first (`...`: left out), then odd ones.

An entry is a pair: the arguments, and the traces that are reported to a class that reads metrics. What follows a blank
in a name tells two entries of one class apart. No whole number stands here as a float where a class asks for an int: JSON
cannot tell 4.0 from 4.
"""

from __future__ import annotations

from typing import Any

Arguments = dict[str, list[Any]]
Entry = tuple[Arguments, tuple[str, ...]]

PLATEAU = ("falling", "ties", "nan", "negative", "rising", "threshold", "wave", "zero")
LR = [0.1, 0.0, 2.5]

TORCH: dict[str, Entry] = {
    "LambdaLR": ({"lr": LR, "lr_lambda": ["lambda epoch: 0.95 ** epoch", "lambda epoch: -1", "lambda epoch: 1.5"]}, ()),
    "StepLR": ({"lr": LR, "step_size": [3, 1, 2.5, 0.7, 0.1, 0, -2, 1e9], "gamma": [..., 0, 0.0, 1.0, 1.5, -0.5, 1e-300]}, ()),
    "MultiStepLR": (
        {
            "lr": LR,
            "milestones": [[3, 6], [2.5, 6], [6, 3], [3, 3], [0, 4], [0.5], [-1, 3], [], [1e9]],
            "gamma": [..., 0.0, 1.0, 1.5, -0.5],
        },
        (),
    ),
    "ConstantLR": ({"lr": LR, "factor": [..., 0, 1e-3, 1, 1.0, 1.5, -0.5], "total_iters": [..., 0, 1, 2.5, 0.5, -1, -2.5, 100]}, ()),
    "LinearLR": (
        {
            "lr": LR,
            "start_factor": [..., 0, 1e-9, 1, 1.5, -0.5],
            "end_factor": [..., 0, 0.5, 1.5, -0.5],
            "total_iters": [..., 0, 1, 2.5, 0.5, -1, -2.5, 100],
        },
        (),
    ),
    "ExponentialLR": ({"lr": LR, "gamma": [0.9, 0, 1, 1.5, -0.5, 1e-300, 100.0]}, ()),
    "PolynomialLR": (
        {"lr": LR, "total_iters": [..., 0, 1, 2.5, 0.5, -1, -2.5, 100], "power": [..., 0, 0.5, 2, 1e-3, 50.0, -1.0, -0.5]},
        (),
    ),
    "CosineAnnealingLR": (
        {"lr": LR, "T_max": [10, 7.5, 2.5, 1, 1.5, 0.5, 0.3, 0, -5, -2.5, 1e9], "eta_min": [..., 0.01, 0.1, 0.5, -0.05]},
        (),
    ),
    "CosineAnnealingWarmRestarts": (
        {"lr": LR, "T_0": [4, 1, 2.5, 0, -3, 0.5], "T_mult": [..., 1, 2, 3, 1.5, 0, -1, 0.5], "eta_min": [..., 0.01, 0.1, 0.5, -0.05]},
        (),
    ),
    "CyclicLR": (
        {
            "lr": LR,
            "momentum": [0.9, 0.0],
            "base_lr": [0.01, 0.0, 0.5, -0.01],
            "max_lr": [0.1, 0.0, 1.0, -0.1],
            "step_size_up": [4, 1, 2.5, 0.5, 0.3, 0, -2, ...],
            "step_size_down": [..., 1, 2.5, 0.5, 0, -1, -4],
            "mode": [..., "triangular2", "exp_range", "sawtooth"],
            "gamma": [..., 0.9, 1.1, 0.0, -0.5, 2],
            "scale_fn": [..., "lambda x: 0.9 ** x", "lambda x: 1.1 ** x", "lambda x: 1 / (2. ** (x - 1))", "lambda x: 0.5", "lambda x: 2"],
            "scale_mode": [..., "iterations", "cycle", "epochs"],
            "cycle_momentum": [..., False],
            "base_momentum": [..., 0.5, 0.0, 0.95, 1.0],
            "max_momentum": [..., 0.99, 0.0, 0.5],
        },
        (),
    ),
    "CyclicLR exp_range": (
        {
            "lr": [0.1],
            "momentum": [0.9],
            "base_lr": [0.01, 0.5],
            "max_lr": [0.1, 1.0],
            "step_size_up": [4, 2.5, 1, 0.3],
            "step_size_down": [..., 1.5, 0, 7],
            "mode": ["exp_range"],
            "gamma": [1.1, 0.9, 0.0, 2, -0.5, 1],
            "cycle_momentum": [False, True],
        },
        (),
    ),
    "OneCycleLR": (
        {
            "lr": LR,
            "momentum": [0.9, 0.0],
            "max_lr": [0.5, 0.0, 0.01, -0.1],
            "total_steps": [20, 30, 20.5, 13, 0, -5, ...],
            "epochs": [..., 4, 2.5, 0, -1],
            "steps_per_epoch": [..., 5, 6.5, 0],
            "pct_start": [..., 0.0, 1.0, 0.25, 0.01, 0.5, 0.51, 0.52, 0.55, 0.6, 0.9, 1.5, -0.1],
            "anneal_strategy": [..., "linear", "cos", "step"],
            "cycle_momentum": [..., False],
            "base_momentum": [..., 0.5, 0.99, 0.0],
            "max_momentum": [..., 0.99, 0.5],
            "div_factor": [..., 1, 10.0, 0.5, 0, -2],
            "final_div_factor": [..., 1, 0.04, 1e-3, 100.0, 0, -2],
            "three_phase": [..., True, False],
        },
        (),
    ),
    "OneCycleLR three_phase": (
        {
            "lr": LR,
            "momentum": [0.9],
            "max_lr": [0.5],
            "total_steps": [14, 20, 30],
            "pct_start": [0.3, 0.5, 0.51, 0.52, 0.53, 0.54, 0.55, 0.56, 0.6, 0.75, 0.9, 1.0],
            "anneal_strategy": [..., "linear"],
            "three_phase": [True],
        },
        (),
    ),
    "SWALR": (
        {"lr": LR, "swa_lr": [0.05, 0.0, 0.5, -0.1], "anneal_epochs": [..., 0, 1, 4, 2.5, 0.5, -1], "anneal_strategy": [..., "linear", "cos", "step"]},
        (),
    ),
    "SequentialLR": (
        {
            "lr": LR,
            "schedulers": [
                [{"name": "ConstantLR", "args": {"total_iters": 100}}, {"name": "ExponentialLR", "args": {"gamma": 0.9}}],
                [{"name": "LinearLR", "args": {"total_iters": 4.5}}, {"name": "CosineAnnealingLR", "args": {"T_max": 7.5}}],
                [{"name": "StepLR", "args": {"step_size": 2.5}}, {"name": "PolynomialLR", "args": {"total_iters": 4.5}}],
                [{"name": "CosineAnnealingLR", "args": {"T_max": 4.5}}, {"name": "MultiStepLR", "args": {"milestones": [2.5]}}],
                [{"name": "ExponentialLR", "args": {"gamma": 0.9}}, {"name": "SWALR", "args": {"swa_lr": 0.05, "anneal_epochs": 4}}],
            ],
            "milestones": [[4], [2.5], [0], [0.5], [-1], [4, 6], [], [100]],
        },
        (),
    ),
    "ChainedScheduler": (
        {
            "lr": LR,
            "schedulers": [
                [{"name": "ConstantLR", "args": {"total_iters": 4.5}}, {"name": "ExponentialLR", "args": {"gamma": 0.9}}],
                [{"name": "LinearLR", "args": {"total_iters": 4.5}}, {"name": "CosineAnnealingLR", "args": {"T_max": 7.5}}],
                [{"name": "StepLR", "args": {"step_size": 2.5}}, {"name": "PolynomialLR", "args": {"total_iters": 6.5}}],
                [{"name": "CosineAnnealingLR", "args": {"T_max": 4.5, "eta_min": 0.01}}, {"name": "MultiStepLR", "args": {"milestones": [2.5]}}],
                [{"name": "CosineAnnealingLR", "args": {"T_max": 8, "eta_min": 0.2}}, {"name": "ExponentialLR", "args": {"gamma": 0.9}}],
            ],
        },
        (),
    ),
    "ReduceLROnPlateau": (
        {
            "lr": [0.1, 1.0, 0.0, 1e-8],
            "mode": [..., "max", "best"],
            "factor": [0.5, 0, 0.99, 1.0, -0.5, 1.5],
            "patience": [1, 0, 1.5, 0.5, -1, 3],
            "threshold": [..., 0, 0.05, 1.0, 1.5, -0.05, -1e-4],
            "threshold_mode": [..., "abs", "both"],
            "cooldown": [..., 1, 1.5, -1, 3],
            "min_lr": [..., 0.03, 0.2, -0.1, 5.0],
            "eps": [..., 0, 0.03, -0.03],
        },
        PLATEAU,
    ),
}

TIMM_COMMON: Arguments = {
    "lr": [0.1, 2.5, 0.0],
    "warmup_t": [..., 3, 2.5, 0.5, 30, -2],
    "warmup_lr_init": [..., 1e-3, 0.5, -0.1],
    "noise_range_t": [..., [4, 12], [4.5, 12.5], 8, 8.5, [12, 4], -3, 0, [-2, 5], [], [5]],
    "noise_pct": [..., 0.2, 0, -0.5, 5.0],
    "noise_std": [..., 0.1, 0.0, -0.5],
    "noise_seed": [..., 7, 0],
    "t_in_epochs": [..., False],
}
TIMM_CYCLES: Arguments = {
    "t_initial": [10, 4, 7.5, 2.5, 1, 0.5, 0, -5],
    "lr_min": [..., 0.01, 0.5, -0.01],
    "cycle_mul": [..., 2, 1.5, 0.5, 0.9, 0.8, 1, 0, -1],
    "cycle_decay": [..., 0.5, 0, 1.5, -0.5],
    "cycle_limit": [..., 3, 2, 0, 2.5, -1, 1000],
    "warmup_prefix": [..., True, False],
    **TIMM_COMMON,
}

TIMM: dict[str, Entry] = {
    "CosineLRScheduler": ({**TIMM_CYCLES, "k_decay": [..., 0.5, 2, 0, -1]}, ()),
    "PolyLRScheduler": ({**TIMM_CYCLES, "power": [..., 1, 2, 0, -1], "k_decay": [..., 0.5, 2, 0, -1]}, ()),
    "TanhLRScheduler": ({**TIMM_CYCLES, "lb": [..., -3, 3, 4], "ub": [..., 2, -7, -8]}, ()),
    "StepLRScheduler": (
        {"decay_t": [3, 1, 2.5, 0.5, 0, -2, 1e9], "decay_rate": [0.5, ..., 0, 1.5, -0.5], "warmup_prefix": [..., False], **TIMM_COMMON},
        (),
    ),
    "MultiStepLRScheduler": (
        {
            "decay_t": [[3, 6], [2.5, 6], [6, 3], [9, 2, 5], [3, 3], [0, 4], [0.5], [-1, 3], [], [1e9], [1]],
            "decay_rate": [0.5, ..., 0, 1.5, -0.5],
            "warmup_prefix": [..., False],
            **TIMM_COMMON,
        },
        (),
    ),
    "WSDLRScheduler": (
        {
            "t_initial": [14, 10.5, 5, 1, 0, -2],
            "decay_t": [5, 2.5, 1, 0.5, 14, 0, -1],
            "lr_min": [..., 0.01, 0.5, -0.01],
            "stable_fn": [..., "rsqrt", "power", "constant", "linear"],
            "stable_timescale": [..., 2.5, 0, -1],
            "stable_power": [..., 0.8, 2, 0, -1],
            "decay_fn": [..., "linear", "cosine", "power", "exp", "1-sqrt", "sqrt"],
            "decay_power": [..., 2, 0.1, 0, -1],
            "decay_ratio": [..., 0.5, 0.999, 1.0, 1.5, 0],
            **TIMM_COMMON,
        },
        (),
    ),
    "PlateauLRScheduler": (
        {
            "decay_rate": [0.5, ..., 0, 0.9, 1.0, -0.5],
            "patience_t": [1, 0, 2.5, -1, ...],
            "threshold": [..., 0, 0.05, 1.5, -0.05],
            "cooldown_t": [..., 1, 1.5, -1, 3],
            "lr_min": [..., 0.03, 0.5, -0.1],
            "mode": ["min", ..., "max", "best"],
            "noise_type": [..., "uniform", "normal", "other"],
            **{key: values for key, values in TIMM_COMMON.items() if key != "t_in_epochs"},
        },
        PLATEAU,
    ),
}

HF_RUN: Arguments = {
    "learning_rate": [0.1, ..., 0.0, 2.5],
    "warmup_steps": [..., 3, 0.15, 2.5, 1.5, 30, -2, -0.1, 1],
    "max_steps": [20, 10, 1, 5],
}

NOISY: Arguments = {**TIMM_COMMON, "noise_range_t": [[4, 12], [4.5, 12.5], 8, 8.5, [12, 4], -3, 0, [-2, 5]]}
TIMM["CosineLRScheduler noise"] = ({"t_initial": [10], **NOISY}, ())
TIMM["CosineLRScheduler cycles"] = (
    {
        "lr": [0.1],
        "t_initial": [6, 4, 7.5, 10],
        "lr_min": [..., 0.01],
        "cycle_mul": [0.5, 0.9, 0.8, 0.7, 2, 1],
        "cycle_decay": [..., 0.5, 1.5],
        "cycle_limit": [3, 2, 2.5, 1000, 5],
        "warmup_t": [..., 3, 2.5],
        "warmup_prefix": [..., True],
        "k_decay": [..., 2],
    },
    (),
)
TIMM["StepLRScheduler lengths"] = ({"lr": [0.1], "decay_rate": [0.5], "decay_t": [1.1, 2.2, 0.7, 0.3, 3.3, 2.5, 1.4], "warmup_t": [..., 2]}, ())
TIMM["PlateauLRScheduler noise"] = (
    {
        "lr": [0.1, 1e-8, 2e-8, 1e-7],
        "decay_rate": [0.5, 0.1],
        "patience_t": [1, 0],
        "mode": ["min"],
        "lr_min": [..., 0.03, 1e-8],
        "warmup_t": [..., 3, 2.5, 1],
        "warmup_lr_init": [..., 1e-3],
        "noise_range_t": [4, [4, 12], 2],
        "noise_type": [..., "uniform"],
    },
    PLATEAU,
)

TRANSFORMERS: dict[str, Entry] = {
    "constant": (HF_RUN, ()),
    "constant_with_warmup": (HF_RUN, ()),
    "linear": (HF_RUN, ()),
    "cosine": ({**HF_RUN, "num_cycles": [..., 1, 2.5, 0, -1, 0.1, 30]}, ()),
    "cosine_with_restarts": ({**HF_RUN, "num_cycles": [..., 1, 2.5, 3, 0, -1, 0.4, 30]}, ()),
    "polynomial": ({**HF_RUN, "lr_end": [..., 0.01, 0, 0.1, 0.5, -0.01], "power": [..., 2, 0.5, 0, -1]}, ()),
    "inverse_sqrt": ({**HF_RUN, "timescale": [..., 5, 2.5, 0.5, 0, -1]}, ()),
    "cosine_with_min_lr": (
        {**HF_RUN, "min_lr": [..., 0.01, 0, 0.5, -0.01], "min_lr_rate": [0.1, ..., 0, 1.5, -0.1], "num_cycles": [..., 1, 2.5, 0, -1]},
        (),
    ),
    "cosine_warmup_with_min_lr": (
        {
            **HF_RUN,
            "min_lr": [..., 0.01, 0, 0.5, -0.01],
            "min_lr_rate": [0.1, ..., 0, 1.5, -0.1],
            "num_cycles": [..., 1, 2.5, 0, -1],
            "warmup_lr_rate": [..., 0.2, 0, 1.5, -0.1],
        },
        (),
    ),
    "warmup_stable_decay": (
        {
            **HF_RUN,
            "num_decay_steps": [5, 0, 2.5, 30, -3, 1],
            "num_stable_steps": [..., 6, 0, 2.5, -3],
            "warmup_type": [..., "cosine", "1-sqrt", "exp"],
            "decay_type": [..., "linear", "1-sqrt", "exp"],
            "min_lr_ratio": [..., 0.1, 1.0, 1.5, -0.1],
            "num_cycles": [..., 1, 2.5, 0, -1],
        },
        (),
    ),
    "greedy": (
        {
            "learning_rate": [0.1, 1.0, 0.0, 2.5],
            "mode": [..., "max", "best"],
            "factor": [0.5, 0.7, 0.95, 0, 1.0, -0.5, 1.5],
            "patience": [1, 0, 1.5, -1, 3],
            "threshold": [..., 0, 0.05, 1.5, -0.05],
            "threshold_mode": [..., "rel", "both"],
            "cooldown": [..., 1, 1.5, -1],
            "warmup": [..., 1, 2.5, -1],
            "min_lr": [..., 0.03, 0.2, 0, -0.1, 0.07],
            "max_lr": [..., 0.1, 0.05, 5.0, -0.1, 0, 0.0005],
            "eps": [..., 0, 0.03, -0.03],
            "smooth": [..., True],
            "window_size": [..., 3, 1, 0, -2, 2.5],
            "reset_start": [..., 0, 1, 2, -1, 2.5],
            "verbose": [..., True],
        },
        PLATEAU,
    ),
    "greedy floor": (
        {
            "learning_rate": [0.7, 0.3, 0.1],
            "factor": [0.5, 0.9],
            "patience": [0],
            "min_lr": [0.19, 0.11, 0.18, 0.22, 0.36, 0.07],
            "max_lr": [..., 0.5, 0.05],
            "eps": [..., 0],
            "reset_start": [1, 2, 0],
        },
        PLATEAU,
    ),
    "reduce_lr_on_plateau": (
        {
            "learning_rate": [0.1, 1.0, 0.0],
            "factor": [0.5, 0, 0.99, 1.0],
            "patience": [1, 0, 1.5, -1],
            "min_lr": [..., 0.03, 0.2, -0.1],
        },
        PLATEAU,
    ),
}

KERAS_DECAY: Arguments = {"initial_learning_rate": [0.1, 2.5, 0.0, -0.1], "decay_steps": [7, 2.5, 0.5, 1, 0, -3]}

KERAS: dict[str, Entry] = {
    "ExponentialDecay": ({**KERAS_DECAY, "decay_rate": [0.5, 0, 0.0, 1.0, 1.5, -0.5], "staircase": [..., True]}, ()),
    "InverseTimeDecay": ({**KERAS_DECAY, "decay_rate": [0.5, 0.0, 1.0, 20.0, -0.05, -0.5], "staircase": [..., True]}, ()),
    "PolynomialDecay": (
        {**KERAS_DECAY, "end_learning_rate": [..., 0.01, 0.0, 0.5, -0.01], "power": [..., 2.0, 0.5, 0.0, -1.0, 1], "cycle": [..., True]},
        (),
    ),
    "PiecewiseConstantDecay": (
        {
            "boundaries": [[3, 7], [2.5, 6], [7, 3], [3, 3], [0, 4], [-1, 3], [0.5, 0.7], [4]],
            "values": [[0.1, 0.01, 0.5], [0.1, 0.0, 0.1], [0.1, -0.1, 0.2], [0.1, 0.2], [0.1]],
        },
        (),
    ),
    "CosineDecay": (
        {
            **KERAS_DECAY,
            "alpha": [..., 0.1, 1.0, 1.5, -0.1],
            "warmup_target": [..., 0.5, 0.05, 0.0, -0.1],
            "warmup_steps": [..., 3, 2.5, 0.5, -2, -2.5, -10],
        },
        (),
    ),
    "CosineDecay warmup": (
        {
            "initial_learning_rate": [0.1, 0.0, 0.7],
            "decay_steps": [7, 2.5, 12],
            "alpha": [..., 0.1],
            "warmup_target": [0.5],
            "warmup_steps": [-2, -0.5, -2.5, -6, -7, -10, 0, 4, 4.5],
        },
        (),
    ),
    "CosineDecayRestarts": (
        {
            "initial_learning_rate": [0.1, 2.5, 0.0, -0.1],
            "first_decay_steps": [4, 2.5, 0.5, 1, 0, -3],
            "t_mul": [..., 1.0, 1.5, 3.0, 0.5, 0.9, 0.0, -1.0],
            "m_mul": [..., 0.5, 0.0, 1.5, -0.5],
            "alpha": [..., 0.1, 1.0, 1.5, -0.1],
        },
        (),
    ),
}

OPTAX_TIMING: Arguments = {"transition_steps": [7, 2.5, 0.5, 1, 0, -3], "transition_begin": [..., 2, 2.5, -3, 0]}
OPTAX_RATE = [0.1, 2.5, 0.0, -0.1]
OPTAX_END = [0.01, 0.0, 0.5, -0.01]

OPTAX: dict[str, Entry] = {
    "constant_schedule": ({"value": OPTAX_RATE}, ()),
    "polynomial_schedule": ({"init_value": OPTAX_RATE, "end_value": OPTAX_END, "power": [2.0, 1, 0.5, 0.0, -1.0], **OPTAX_TIMING}, ()),
    "linear_schedule": ({"init_value": OPTAX_RATE, "end_value": OPTAX_END, **OPTAX_TIMING}, ()),
    "exponential_decay": (
        {
            "init_value": OPTAX_RATE,
            "decay_rate": [0.5, 0.0, 1.0, 1.5, -0.5],
            "staircase": [..., True],
            "end_value": [..., 0.01, 0.5, 0.0, -0.01],
            **OPTAX_TIMING,
        },
        (),
    ),
    "cosine_decay_schedule": (
        {"init_value": OPTAX_RATE, "decay_steps": [7, 2.5, 0.5, 1, 0, -3], "alpha": [..., 0.1, 1.5, -0.1], "exponent": [..., 2.0, 0.5, 0.0, -1.0]},
        (),
    ),
    "piecewise_constant_schedule": (
        {
            "init_value": OPTAX_RATE,
            "boundaries_and_scales": [[[3, 0.5], [7, 0.1]], ..., [[7, 0.1], [3, 0.5]], [[2.5, 0.5]], [[0, 0.5]], [[-1, 0.5], [3, 0.5]], [[3, 0.0], [7, 2.0]], [[3, -0.5]], []],
        },
        (),
    ),
    "piecewise_interpolate_schedule": (
        {
            "interpolate_type": ["linear", "cosine", "quadratic"],
            "init_value": OPTAX_RATE,
            "boundaries_and_scales": [[[3, 0.5], [7, 0.1]], ..., [[7, 0.1], [3, 0.5]], [[2.5, 0.5]], [[0, 0.5]], [[0, 2.0], [3, 0.5]], [[-1, 0.5], [3, 0.5]], [[3, 0.0], [7, 2.0]], [[3, -0.5]], []],
        },
        (),
    ),
    "linear_onecycle_schedule": (
        {
            "transition_steps": [20, 10.5, 3, 1, 0, -5],
            "peak_value": OPTAX_RATE,
            "pct_start": [..., 0.0, 0.5, 1.0, 0.9, 1.5, -0.1],
            "pct_final": [..., 0.3, 0.1, 1.0, 1.2, 0.0],
            "div_factor": [..., 10.0, 1.0, 0.5, 0.0, -2.0],
            "final_div_factor": [..., 10.0, 0.5, 0.0, -2.0],
        },
        (),
    ),
    "cosine_onecycle_schedule": (
        {
            "transition_steps": [20, 10.5, 3, 1, 0, -5],
            "peak_value": OPTAX_RATE,
            "pct_start": [..., 0.0, 0.5, 1.0, 0.9, 1.5, -0.1],
            "div_factor": [..., 10.0, 1.0, 0.5, 0.0, -2.0],
            "final_div_factor": [..., 10.0, 0.5, 0.0, -2.0],
        },
        (),
    ),
    "warmup_constant_schedule": ({"init_value": OPTAX_RATE, "peak_value": [0.5, 0.05, 0.0, -0.1], "warmup_steps": [3, 2.5, 0.5, 0, -2]}, ()),
    "warmup_cosine_decay_schedule": (
        {
            "init_value": [0.0, 0.1, 0.7, -0.1],
            "peak_value": [0.5, 0.05, 0.0, -0.1],
            "warmup_steps": [3, 2.5, 0.5, 0, -2, 12],
            "decay_steps": [12, 7.5, 3, 2, 0],
            "end_value": [..., 0.01, 0.7, -0.01],
            "exponent": [..., 2.0, 0.5, 0.0, -1.0],
        },
        (),
    ),
    "warmup_exponential_decay_schedule": (
        {
            "init_value": [0.0, 0.1, 0.7, -0.1],
            "peak_value": [0.5, 0.05, 0.0, -0.1],
            "warmup_steps": [3, 2.5, 0.5, 0, -2],
            "decay_rate": [0.5, 0.0, 1.0, 1.5, -0.5],
            "staircase": [..., True],
            "end_value": [..., 0.01, 0.7, -0.01],
            **OPTAX_TIMING,
        },
        (),
    ),
    "sgdr_schedule": (
        {
            "cosine_kwargs": [
                [{"init_value": 0.0, "peak_value": 0.5, "warmup_steps": 2, "decay_steps": 6}, {"init_value": 0.1, "peak_value": 0.3, "warmup_steps": 2, "decay_steps": 8}],
                [{"init_value": 0.0, "peak_value": 0.5, "warmup_steps": 2, "decay_steps": 8}, {"init_value": 0.1, "peak_value": 0.3, "warmup_steps": 2, "decay_steps": 5}],
                [{"init_value": 0.0, "peak_value": 0.5, "warmup_steps": 2.5, "decay_steps": 6.5}, {"init_value": 0.1, "peak_value": 0.3, "warmup_steps": 1, "decay_steps": 4}],
                [{"init_value": 0.5, "peak_value": 0.5, "warmup_steps": 0, "decay_steps": 6}],
                [],
            ]
        },
        (),
    ),
    "join_schedules": (
        {
            "schedules": [
                [{"name": "constant_schedule", "args": {"value": 0.1}}, {"name": "linear_schedule", "args": {"init_value": 0.5, "end_value": 0.0, "transition_steps": 6}}],
                [{"name": "constant_schedule", "args": {"value": 0.1}}],
                [
                    {"name": "constant_schedule", "args": {"value": 0.1}},
                    {"name": "linear_schedule", "args": {"init_value": 0.5, "end_value": 0.0, "transition_steps": 6}},
                    {"name": "constant_schedule", "args": {"value": 0.3}},
                ],
            ],
            "boundaries": [[4], [2.5], [4, 9], [9, 4], [0], [-2], [], [4, 4]],
        },
        (),
    ),
}

PADDLE_RATE: Arguments = {"learning_rate": [0.1, 2.5, 0.0, -0.1]}

PADDLE: dict[str, Entry] = {
    "NoamDecay": ({"d_model": [64, 2.5, 0.5, 0, -3], "warmup_steps": [10, 2.5, 0.5, 0, -3], "learning_rate": [..., 0.5, 0.0, -0.1]}, ()),
    "PiecewiseDecay": (
        {
            "boundaries": [[3, 7], [2.5, 6], [7, 3], [3, 3], [0, 4], [-1, 3], [0.5, 0.7], [4], []],
            "values": [[0.1, 0.01, 0.5], [0.1, 0.0, 0.1, 0.7], [0.1, -0.1, 0.2], [0.1, 0.2], [0.1]],
        },
        (),
    ),
    "NaturalExpDecay": ({**PADDLE_RATE, "gamma": [0.1, 0.0, 1.5, -0.1]}, ()),
    "InverseTimeDecay": ({**PADDLE_RATE, "gamma": [0.1, 0.0, 20.0, -0.05]}, ()),
    "PolynomialDecay": (
        {**PADDLE_RATE, "decay_steps": [7, 2.5, 0.5, 1, 0, -3], "end_lr": [..., 0.01, 0.0, 0.5, -0.01], "power": [..., 2.0, 0.5, 0.0, -1.0, 1], "cycle": [..., True]},
        (),
    ),
    "LinearWarmup": (
        {
            "learning_rate": [0.5, 0.05, 0.0, -0.1, {"name": "ExponentialDecay", "args": {"learning_rate": 0.5, "gamma": 0.9}}],
            "warmup_steps": [5, 2.5, 0.5, 1, 0, -2],
            "start_lr": [0.0, 0.1, 0.5, -0.1],
            "end_lr": [0.5, 0.1, 0.05, -0.1],
        },
        (),
    ),
    "ExponentialDecay": ({**PADDLE_RATE, "gamma": [0.9, 0.0, 1.0, 1.5, -0.5, 0.5]}, ()),
    "MultiStepDecay": (
        {**PADDLE_RATE, "milestones": [[3, 6], [2.5, 6], [6, 3], [3, 3], [0, 4], [0.5], [-1, 3], []], "gamma": [..., 0.0, 1.0, 1.5, -0.5, 0.5]},
        (),
    ),
    "StepDecay": ({**PADDLE_RATE, "step_size": [3, 1, 2.5, 0.5, 0, -2], "gamma": [..., 0.0, 1.0, 1.5, -0.5, 0.5]}, ()),
    "CosineAnnealingDecay": ({**PADDLE_RATE, "T_max": [10, 7.5, 2.5, 1, 0.5, 0, -5], "eta_min": [..., 0.01, 0.1, 0.5, -0.05]}, ()),
    "CosineAnnealingWarmRestarts": (
        {**PADDLE_RATE, "T_0": [4, 1, 2.5, 0, -3, 0.5], "T_mult": [..., 1, 2, 3, 1.5, 0, -1, 0.5], "eta_min": [..., 0.01, 0.1, 0.5, -0.05]},
        (),
    ),
    "LinearLR": (
        {**PADDLE_RATE, "total_steps": [7, 1, 2.5, 0.5, 0, -2], "start_factor": [..., 0, 1e-9, 1, 1.5, -0.5], "end_factor": [..., 0, 0.5, 1.5, -0.5]},
        (),
    ),
    "CyclicLR": (
        {
            "base_learning_rate": [0.01, 0.0, 0.5, -0.01],
            "max_learning_rate": [0.1, 0.0, 1.0, -0.1],
            "step_size_up": [4, 1, 2.5, 0.5, 0, -2],
            "step_size_down": [..., 1, 2.5, 0, -1],
            "mode": [..., "triangular2", "exp_range", "sawtooth"],
            "exp_gamma": [..., 0.9, 1.1, 0.0, -0.5],
            "scale_mode": [..., "iterations", "epochs"],
        },
        (),
    ),
    "CyclicLR exp_range": (
        {"base_learning_rate": [0.01, 0.5], "max_learning_rate": [0.1, 1.0], "step_size_up": [4], "mode": ["exp_range"], "exp_gamma": [0.9, 1.1, 0.0, -0.5]},
        (),
    ),
    "OneCycleLR": (
        {
            "max_learning_rate": [0.5, 0.0, 0.01, -0.1],
            "total_steps": [30, 40, 30.5, 0, -5],
            "divide_factor": [..., 1, 10.0, 0.5, 0, -2],
            "end_learning_rate": [..., 0.01, 0.0, 0.9, -0.1],
            "phase_pct": [..., 0.0, 1.0, 0.25, 0.5, 0.51, 0.52, 0.6, 1.5, -0.1],
            "anneal_strategy": [..., "linear", "cos", "step"],
            "three_phase": [..., True],
        },
        (),
    ),
    "ReduceOnPlateau": (
        {
            "learning_rate": [0.1, 1.0, 0.0],
            "mode": [..., "max", "best"],
            "factor": [0.5, 0, 0.9, 1.0, -0.5],
            "patience": [1, 0, 1.5, -1],
            "threshold": [..., 0, 0.05, 1.0, 1.5, -0.05],
            "threshold_mode": [..., "abs", "both"],
            "cooldown": [..., 1, 1.5, -1, 3],
            "min_lr": [..., 0.03, 0.2, -0.1],
            "epsilon": [..., 0, 0.03, -0.03],
        },
        PLATEAU,
    ),
}

MM_WINDOW: Arguments = {"lr": LR, "begin": [..., 3, 2.5, -1], "end": [12, 40, 7.5, 1]}

MMENGINE: dict[str, Entry] = {
    "ConstantLR": ({**MM_WINDOW, "factor": [..., 0, 0.5, 1, 1.5, -0.5], "end": [12, ..., 40, 7.5, 1]}, ()),
    "LinearLR": ({**MM_WINDOW, "start_factor": [..., 0, 1e-9, 1, 1.5, -0.5], "end_factor": [..., 0, 0.5, 1.5, -0.5]}, ()),
    "PolyLR": ({**MM_WINDOW, "eta_min": [..., 0.01, 0.5, -0.01], "power": [..., 2, 0.5, 0, -1]}, ()),
    "CosineAnnealingLR": (
        {**MM_WINDOW, "T_max": [..., 7, 2.5, 1, 0, -5], "eta_min": [..., 0.01, 0.5, -0.05], "eta_min_ratio": [..., 0.1, 1.5, -0.1]},
        (),
    ),
    "CosineRestartLR": (
        {
            **MM_WINDOW,
            "periods": [[4, 6], [2.5, 6], [4], [4, 0], [6, 3, 2]],
            "restart_weights": [[1, 0.5], [1], [0.5, 2], [1, -0.5], [1, 1, 0.1]],
            "eta_min": [0.01, ..., 0.5, -0.05],
            "eta_min_ratio": [..., 0.1, -0.1],
        },
        (),
    ),
    "ExponentialLR": ({**MM_WINDOW, "gamma": [0.9, 0, 1, 1.5, -0.5]}, ()),
    "StepLR": ({**MM_WINDOW, "step_size": [3, 1, 2.5, 0.5, 0, -2], "gamma": [..., 0.0, 1.0, 1.5, -0.5]}, ()),
    "MultiStepLR": ({**MM_WINDOW, "milestones": [[3, 6], [2.5, 6], [6, 3], [3, 3], [0, 4], [-1, 3], []], "gamma": [..., 0.0, 1.5, -0.5]}, ()),
    "OneCycleLR": (
        {
            "lr": [0.1],
            "eta_max": [0.5, 0.0, 0.01, -0.1],
            "total_steps": [40, 30, 30.5, 0, -5],
            "pct_start": [..., 0.0, 1.0, 0.25, 0.5, 0.51, 0.6, 1.5, -0.1],
            "anneal_strategy": [..., "linear", "step"],
            "div_factor": [..., 1, 10.0, 0, -2],
            "final_div_factor": [..., 1, 1e-3, 0, -2],
            "three_phase": [..., True],
        },
        (),
    ),
    "ReduceOnPlateauLR": (
        {
            "lr": [0.1, 1.0, 0.0],
            "rule": [..., "greater", "best"],
            "factor": [0.5, 0, 0.9, 1.0, -0.5],
            "patience": [1, 0, 1.5, -1],
            "threshold": [..., 0, 0.05, 1.0, 1.5, -0.05],
            "threshold_rule": [..., "abs", "both"],
            "cooldown": [..., 1, 1.5, -1, 3],
            "min_value": [..., 0.03, 0.2, -0.1],
            "eps": [..., 0, 0.03, -0.03],
        },
        PLATEAU,
    ),
}

IGNITE_CYCLE: Arguments = {
    "start_value": [0.1, 0.01, 0.0, -0.1],
    "end_value": [0.02, 0.5, 0.0, -0.1],
    "cycle_size": [7, 2.5, 10, 1, 0, -3],
    "cycle_mult": [..., 2.0, 1.5, 0.5, 0],
    "start_value_mult": [..., 0.5, 1.5, 0.0, -0.5],
    "end_value_mult": [..., 0.5, 1.5, 0.0],
    "warmup_duration": [..., 3, 2.5, -1],
}

IGNITE: dict[str, Entry] = {
    "LinearCyclicalScheduler": ({**IGNITE_CYCLE, "monotonic": [..., True]}, ()),
    "CosineAnnealingScheduler": (IGNITE_CYCLE, ()),
    "PiecewiseLinear": (
        {"milestones_values": [[[0, 0.1], [6, 0.5]], [[2.5, 0.1], [6.5, 0.5]], [[3, 0.1]], [[5, 0.1], [3, 0.2]], [], [[0, 0.1], [4, 0.02], [4, 0.5], [9, 0.05]], [[-1, 0.1], [4, 0.3]], [[0, -0.1], [4, 0.3]]]},
        (),
    ),
}

DEEPSPEED_WARMUP: Arguments = {"lr": [0.1], "warmup_num_steps": [5, 2.5, 1, 0, -3], "warmup_type": [..., "linear", "cos"]}

DEEPSPEED: dict[str, Entry] = {
    "LRRangeTest": (
        {
            "lr": [0.1],
            "lr_range_test_min_lr": [..., 0.01, 0.0, -0.1],
            "lr_range_test_step_size": [7, 2.5, 1, 0, -2],
            "lr_range_test_step_rate": [..., 0.5, 0.0, -0.05],
            "lr_range_test_staircase": [..., True],
        },
        (),
    ),
    "WarmupLR": ({**DEEPSPEED_WARMUP, "warmup_min_lr": [..., 0.01, 0.5, -0.1], "warmup_max_lr": [..., 0.5, 0.005, 0.0, -0.1]}, ()),
    "WarmupDecayLR": (
        {**DEEPSPEED_WARMUP, "total_num_steps": [20, 12.5, 5, 3, 0], "warmup_min_lr": [..., 0.01, 0.5, -0.1], "warmup_max_lr": [..., 0.5, 0.005, 0.0, -0.1]},
        (),
    ),
    "WarmupCosineLR": (
        {**DEEPSPEED_WARMUP, "total_num_steps": [20, 12.5, 5, 3, 0], "warmup_min_ratio": [..., 0.1, 1.0, 1.5, -0.1], "cos_min_ratio": [..., 0.1, 1.5, 0.0, -0.1]},
        (),
    ),
    "OneCycle": (
        {
            "lr": [0.1],
            "cycle_min_lr": [0.01, 0.0, 0.5, -0.1],
            "cycle_max_lr": [0.1, 0.0, 1.0, -0.1],
            "decay_lr_rate": [..., 0.5, -0.05],
            "cycle_first_step_size": [6, 2.5, 0.5, 0, -2],
            "cycle_second_step_size": [..., 4, 2.5, 0, -2],
            "cycle_first_stair_count": [..., 3, 1, 2.5, -1],
            "cycle_second_stair_count": [..., 2, 0, 2.5],
            "decay_step_size": [..., 4, 2.5, -2],
            "cycle_momentum": [False],
        },
        (),
    ),
}

ARGUMENTS: dict[str, dict[str, Entry]] = {
    "torch": TORCH,
    "timm": TIMM,
    "transformers": TRANSFORMERS,
    "keras": KERAS,
    "optax": OPTAX,
    "paddle": PADDLE,
    "mmengine": MMENGINE,
    "ignite": IGNITE,
    "deepspeed": DEEPSPEED,
}
