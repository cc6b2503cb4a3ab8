"""The transverse Mercator projection, which both grids of the United Kingdom are.

Krüger's series to the third power of the third flattening, as Karney gives it ("Transverse Mercator with an accuracy
of a few nanometers", Journal of Geodesy 85, 2011). A point is a complex number: its real part goes north, its imaginary
part goes east.
"""

import math
from cmath import sin as complex_sin
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class TransverseMercator:
    """A grid: its ellipsoid (half axes in metres), true origin (degrees), false origin (metres) and scale."""

    equatorial: float
    polar: float
    latitude: float
    longitude: float
    easting: float
    northing: float
    scale: float

    @cached_property
    def _flattening(self) -> float:
        """The third flattening, n."""
        return (self.equatorial - self.polar) / (self.equatorial + self.polar)

    @cached_property
    def _radius(self) -> float:
        """The radius of the sphere whose meridians are as long as the ellipsoid's, scaled, in metres."""
        n = self._flattening
        return self.scale * self.equatorial / (1 + n) * (1 + n**2 / 4 + n**4 / 64)

    @cached_property
    def _to_grid(self) -> Sequence[float]:
        n = self._flattening
        return n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16, 13 * n**2 / 48 - 3 * n**3 / 5, 61 * n**3 / 240

    @cached_property
    def _from_grid(self) -> Sequence[float]:
        n = self._flattening
        return n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96, n**2 / 48 + n**3 / 15, 17 * n**3 / 480

    @cached_property
    def _to_latitude(self) -> Sequence[float]:
        n = self._flattening
        return 2 * n - 2 * n**2 / 3 - 2 * n**3, 7 * n**2 / 3 - 8 * n**3 / 5, 56 * n**3 / 15

    def project(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Easting and northing in metres of a point in degrees."""
        metres = self._radius * (self._unscaled(latitude, longitude) - self._unscaled(self.latitude, self.longitude))
        return self.easting + metres.imag, self.northing + metres.real

    def _unscaled(self, latitude: float, longitude: float) -> complex:
        phi, east = math.radians(latitude), math.radians(longitude - self.longitude)
        bent = 2 * math.sqrt(self._flattening) / (1 + self._flattening)  # the first eccentricity
        tangent = math.sinh(math.atanh(math.sin(phi)) - bent * math.atanh(bent * math.sin(phi)))
        sphere = complex(
            math.atan2(tangent, math.cos(east)), math.asinh(math.sin(east) / math.hypot(tangent, math.cos(east)))
        )
        return sphere + _series(self._to_grid, sphere)

    def unproject(self, easting: float, northing: float) -> tuple[float, float]:
        """Latitude and longitude in degrees of a point in metres."""
        metres = complex(northing - self.northing, easting - self.easting)
        plane = metres / self._radius + self._unscaled(self.latitude, self.longitude)
        sphere = plane - _series(self._from_grid, plane)
        conformal = math.asin(math.sin(sphere.real) / math.cosh(sphere.imag))
        phi = conformal + _series(self._to_latitude, conformal).real
        east = math.atan2(math.sinh(sphere.imag), math.cos(sphere.real))
        return math.degrees(phi), self.longitude + math.degrees(east)


def _series(factors: Sequence[float], angle: complex) -> complex:
    return sum((factor * complex_sin(2 * number * angle) for number, factor in enumerate(factors, 1)), 0j)


# Ordnance Survey, "A guide to coordinate systems in Great Britain", appendices A and B; Ordnance Survey of Northern
# Ireland, "The Irish Grid". Latitudes and longitudes of today (WGS 84) are taken as if they were of the grids' own
# datums: they differ by some 100 m, and the map is 680 km wide.
NATIONAL_GRID = TransverseMercator(6377563.396, 6356256.909, 49, -2, 400_000, -100_000, 0.9996012717)
IRISH_GRID = TransverseMercator(6377340.189, 6356034.447, 53.5, -8, 200_000, 250_000, 1.000035)
