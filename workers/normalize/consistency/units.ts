export interface Unit {
  /** What it measures. */
  readonly kind: 'length' | 'mass' | 'temperature' | 'speed' | 'area' | 'volume'
  /** One of it in the kind's own unit: metre, kilogram, degree Celsius, km/h, square metre, litre. */
  readonly factor: number
  /** What zero of it is in the kind's own unit. */
  readonly zero?: number
}

const table: readonly (readonly [Unit, string])[] = [
  [{ kind: 'length', factor: 0.001 }, 'mm millimetre millimetres millimeter millimeters мм'],
  [{ kind: 'length', factor: 0.01 }, 'cm centimetre centimetres centimeter centimeters см'],
  [{ kind: 'length', factor: 1 }, 'm metre metres meter meters mètre mètres metro metros metri м метров'],
  [
    { kind: 'length', factor: 1_000 },
    'km kilometre kilometres kilometer kilometers kilomètre kilomètres kilómetros chilometri км километров км',
  ],
  [{ kind: 'length', factor: 0.0254 }, 'inch inches'],
  [{ kind: 'length', factor: 0.3048 }, 'ft foot feet fuß pieds pies'],
  [{ kind: 'length', factor: 0.9144 }, 'yd yard yards'],
  [{ kind: 'length', factor: 1_609.344 }, 'mi mile miles meilen millas miglia миль'],
  [{ kind: 'mass', factor: 0.001 }, 'g gram grams gramm grammes gramos'],
  [{ kind: 'mass', factor: 1 }, 'kg kilo kilos kilogram kilograms kilogramm кг'],
  [{ kind: 'mass', factor: 1_000 }, 'tonne tonnes tonnen toneladas tonnellate тонн'],
  [{ kind: 'mass', factor: 0.45359237 }, 'lb lbs pound pounds pfund'],
  [{ kind: 'mass', factor: 0.028349523 }, 'oz ounce ounces'],
  [{ kind: 'temperature', factor: 1 }, '°c celsius'],
  [{ kind: 'temperature', factor: 5 / 9, zero: -160 / 9 }, '°f fahrenheit'],
  [{ kind: 'speed', factor: 1 }, 'km/h kph kmh км/ч'],
  [{ kind: 'speed', factor: 1.609344 }, 'mph'],
  [{ kind: 'speed', factor: 1.852 }, 'knots'],
  [{ kind: 'area', factor: 1_000_000 }, 'km² km2'],
  [{ kind: 'area', factor: 10_000 }, 'ha hectare hectares hektar'],
  [{ kind: 'area', factor: 4_046.8564 }, 'acre acres'],
  [{ kind: 'volume', factor: 1 }, 'l litre litres liter liters литров'],
  [{ kind: 'volume', factor: 3.785411784 }, 'gal gallon gallons'],
]

const units: ReadonlyMap<string, Unit> = new Map(
  table.flatMap(([unit, names]) => names.split(' ').map(name => [name, unit] as const)),
)

/** The unit of that name or sign, in any case; undefined for every other word. */
export function unitNamed(name: string): Unit | undefined {
  return units.get(name.toLowerCase())
}
