// What a value in a file may be, as plain data. The reader (read-shape.ts), the JSON Schema for editors (json-schema.ts)
// and the document (docs/apply-form.md) are made from one such table, so that they cannot disagree.

export interface Text {
  readonly kind: 'text'
  readonly says: string
  readonly pattern?: RegExp
  /** What a value of this pattern is, after "must be". */
  readonly wants?: string
  /** Longest, in characters; 1024 where left out. */
  readonly most?: number
}
export interface OneOf<Value extends string = string> {
  readonly kind: 'oneOf'
  readonly says: string
  readonly values: readonly Value[]
}
interface Switch {
  readonly kind: 'switch'
  readonly says: string
}
interface Whole {
  readonly kind: 'whole'
  readonly says: string
  readonly from: number
  readonly to: number
}
/** Keys of one's own, each with a text. */
interface Labels {
  readonly kind: 'labels'
  readonly says: string
  readonly pattern: RegExp
  readonly wants: string
}
interface List<Item extends Shape = Shape> {
  readonly kind: 'list'
  readonly says: string
  readonly of: Item
  /** Items of which no two may have the same. */
  keyOf?(item: unknown): string
}

/** What is wrong with a field of an object of the file, though each value by itself is right. */
export interface Fault {
  readonly within: object
  readonly field: string
  readonly says: string
}
export interface Fields {
  readonly [name: string]: Shape & { readonly required?: true }
}
export interface ObjectShape<Named extends Fields = Fields> {
  readonly kind: 'object'
  readonly says: string
  readonly fields: Named
  /** Just one of each of these groups is given. */
  readonly exactlyOne?: readonly (readonly (keyof Named & string)[])[]
  /** At most one of each. */
  readonly atMostOne?: readonly (readonly (keyof Named & string)[])[]
  /** A field that means nothing without another one. */
  readonly onlyWith?: Readonly<Record<string, string>>
  /** Asked once every value in it is right by itself. */
  check?(value: object): readonly Fault[]
}
export type Shape = Text | OneOf | Switch | Whole | Labels | List | ObjectShape

/** What the reader makes of a value of this shape. */
export type ValueOf<Of> = Of extends { readonly kind: 'text' }
  ? string
  : Of extends { readonly kind: 'oneOf'; readonly values: readonly (infer Value)[] }
    ? Value
    : Of extends { readonly kind: 'switch' }
      ? boolean
      : Of extends { readonly kind: 'whole' }
        ? number
        : Of extends { readonly kind: 'labels' }
          ? Readonly<Record<string, string>>
          : Of extends { readonly kind: 'list'; readonly of: infer Item }
            ? readonly ValueOf<Item>[]
            : Of extends { readonly kind: 'object'; readonly fields: infer Named }
              ? ObjectOf<Named>
              : never

type Demanded<Named> = {
  [Name in keyof Named]: Named[Name] extends { readonly required: true } ? Name : never
}[keyof Named]
type ObjectOf<Named> = { readonly [Name in Demanded<Named>]: ValueOf<Named[Name]> } & {
  readonly [Name in Exclude<keyof Named, Demanded<Named>>]?: ValueOf<Named[Name]>
}
