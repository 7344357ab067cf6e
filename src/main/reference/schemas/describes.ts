import { z } from 'zod'

export const Count = z.int().nonnegative()
/** Of what is counted from 1. */
export const Number1 = z.int().positive()

/** A schema whose values are of the type that the code answers with: where they part, the compiler says so. */
export function describes<T>() {
  return <S extends z.ZodType<T>>(schema: S): S => schema
}
