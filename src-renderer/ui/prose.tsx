/** A sentence in which names between backticks are set as code. */
export function Prose({ text }: { readonly text: string }) {
  const parts = text.split('`');
  // One that is alone is a sign like any other.
  if (parts.length % 2 === 0) return text;
  return parts.map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={index} className="rounded-sm bg-active px-0.75 font-mono text-[0.92em]">
        {part}
      </code>
    ),
  );
}
