/** Chooses the run to compare with. */
export function RunPicker({ left }: { readonly left: string }) {
  return <p>{left}</p>;
}
