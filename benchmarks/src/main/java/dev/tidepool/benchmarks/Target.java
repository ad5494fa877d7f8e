package dev.tidepool.benchmarks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;

/**
 * What a suite's figures are held against: {@link #atLeast} so many times as little as another's,
 * or {@link #atMost} so much, or so many times another's. Every row counts whose figure is {@link
 * #figure} and whose case contains {@link #where}.
 */
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.TYPE)
@Repeatable(Target.All.class)
public @interface Target {
  /** At which levels of leak detection. */
  LeakDetection[] at() default LeakDetection.DEFAULT;

  /** Whether the shared allocator is spoken of too; never at Netty's defaults. */
  boolean isOfArena() default true;

  /** All of the figure's words. */
  String figure() default Figures.TIME;

  /** A part of the case's words. */
  String where() default "";

  /** How many times as fast, or as little, the figure is to be as that of {@link #than}. */
  double atLeast() default Double.NaN;

  /** In place of {@link #atLeast} on JDKs where Netty does without {@code Unsafe}. */
  double atLeastWithoutUnsafe() default Double.NaN;

  /** The most that the figure may be; if it is compared, as a multiple. */
  double atMost() default Double.NaN;

  /** What is compared with. */
  Peer than() default Peer.NONE;

  /** Compared with the first row whose case contains these words. */
  String asIn() default "";

  /** Whether only what goes beyond the suite's limit counts. */
  boolean isBeyondLimit() default false;

  /** One of Netty's allocators that pool, or of both the one with less. */
  enum Peer {
    NONE,
    POOLED,
    ADAPTIVE,
    BETTER;

    public List<AllocatorUnderTest> allocators() {
      return switch (this) {
        case NONE -> List.of();
        case POOLED -> List.of(AllocatorUnderTest.POOLED);
        case ADAPTIVE -> List.of(AllocatorUnderTest.ADAPTIVE);
        case BETTER -> List.of(AllocatorUnderTest.POOLED, AllocatorUnderTest.ADAPTIVE);
      };
    }
  }

  /** All targets of a suite. */
  @Retention(RetentionPolicy.RUNTIME)
  @java.lang.annotation.Target(ElementType.TYPE)
  @interface All {
    Target[] value();
  }
}
