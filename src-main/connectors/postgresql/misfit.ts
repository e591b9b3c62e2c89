/** A value that the other side can't hold: a sentence about the value, to be completed with its row and column, and a remedy. */
export class Misfit extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'Misfit';
    this.remedy = remedy;
  }
}
