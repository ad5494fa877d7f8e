package dev.tidepool.frameworks;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.Checks;
import dev.tidepool.allocator.Recording;

/** The options under which each framework's tests run. */
public enum Setting {
  /** The defaults, as users have them. */
  DEFAULTS {
    @Override
    ArenaByteBufAllocator.Builder applyTo(ArenaByteBufAllocator.Builder options) {
      return options;
    }
  },

  /** Every check: late uses and late releases fail, writes out of place are logged as errors. */
  CHECKED {
    @Override
    ArenaByteBufAllocator.Builder applyTo(ArenaByteBufAllocator.Builder options) {
      return options.checks(Checks.FULL).recording(Recording.ALL).scrub(true);
    }
  };

  abstract ArenaByteBufAllocator.Builder applyTo(ArenaByteBufAllocator.Builder options);
}
