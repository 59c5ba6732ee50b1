"""Looking inside: gradients, gates, fixed points, directions, and what mattered."""

from rnnlib.diagnostics.ablation import ablated
from rnnlib.diagnostics.attribution import (
    integrated_gradients,
    occlusion,
    saliency,
)
from rnnlib.diagnostics.fixed_points import FixedPoints, fixed_points
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
from rnnlib.diagnostics.subspaces import (
    Principal,
    Probe,
    linear_probe,
    principal_components,
)

__all__ = [
    "FixedPoints",
    "Principal",
    "Probe",
    "Saturation",
    "ablated",
    "fixed_points",
    "gate_traces",
    "gradient_norms",
    "integrated_gradients",
    "jacobian_bound",
    "linear_probe",
    "lyapunov_exponents",
    "memory_half_life",
    "occlusion",
    "principal_components",
    "real_time_gradients",
    "run_saturation",
    "saliency",
    "saturation",
    "singular_values",
    "state_gradients",
    "state_jacobians",
    "step_jacobians",
]
