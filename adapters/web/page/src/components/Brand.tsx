/** Two voices that overlap. */
export function Brand() {
  return (
    <svg class="brand" width="30" height="30" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        class="brand-second"
        d="M20.500 9C26 9 30 12.600 30 17.200c0 2.100-.9 4-2.300 5.400l.7 4.200c.1.600-.5 1-1 .7l-3.900-2.100c-1 .2-2 .4-3 .4-5.500 0-9.500-3.600-9.500-8.400S15 9 20.500 9Z"
      />
      <path
        class="brand-first"
        d="M12 3.500c5.800 0 10 3.700 10 8.600s-4.200 8.600-10 8.600c-1 0-2-.1-2.900-.4l-4.300 2.300c-.5.3-1.100-.2-1-.7l.8-4.400C3 16 2 14.200 2 12.100c0-4.900 4.200-8.600 10-8.600Z"
      />
    </svg>
  );
}
