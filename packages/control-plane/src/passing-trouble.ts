// What goes wrong outside, passes by itself and is tried again. Its message is a sentence that whoever may see the thing
// concerned may read: an error of any other class may say anything, and only the log gets its words.

export class PassingTrouble extends Error {
  override readonly name = 'PassingTrouble'
}
