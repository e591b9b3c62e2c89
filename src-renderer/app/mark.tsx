/** The mark: water led through a channel onto a wheel. */
export function Mark({ className = 'size-6' }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={className} aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round">
      <path d="M2 6.5h7.5c3.6 0 5.5 2 5.5 5" />
      <circle cx="15" cy="15.5" r="5.5" />
      <path d="M15 12.8v5.4M12.3 15.5h5.4" strokeWidth="1.6" />
    </svg>
  );
}
