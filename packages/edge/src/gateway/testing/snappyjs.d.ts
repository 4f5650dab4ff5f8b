// What the tests use of snappyjs, which brings no types.
declare module 'snappyjs' {
  export function compress(input: Uint8Array): Uint8Array
}
