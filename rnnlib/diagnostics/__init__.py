"""What happens to gradients in the backward pass, and what the gates do."""

from rnnlib.diagnostics.attribution import occlusion, saliency
from rnnlib.diagnostics.gates import (
    Saturation,
    gate_traces,
    memory_half_life,
    run_saturation,
    saturation,
)
from rnnlib.diagnostics.jacobians import (
    gradient_norms,
    jacobian_bound,
    singular_values,
    state_gradients,
    state_jacobians,
    step_jacobians,
)
from rnnlib.diagnostics.lyapunov import lyapunov_exponents
from rnnlib.diagnostics.real_time import real_time_gradients

__all__ = [
    "Saturation",
    "gate_traces",
    "gradient_norms",
    "jacobian_bound",
    "lyapunov_exponents",
    "memory_half_life",
    "occlusion",
    "real_time_gradients",
    "run_saturation",
    "saliency",
    "saturation",
    "singular_values",
    "state_gradients",
    "state_jacobians",
    "step_jacobians",
]
