package dev.tidepool.echo.live;

/** The clocks of a sampler. */
interface SampleClock {
  /** The system's. */
  SampleClock SYSTEM =
      new SampleClock() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public long millis() {
          return System.currentTimeMillis();
        }
      };

  /** As {@link System#nanoTime()}. */
  long nanos();

  /** Milliseconds of the epoch. */
  long millis();
}
