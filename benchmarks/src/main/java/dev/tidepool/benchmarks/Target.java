package dev.tidepool.benchmarks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * What a suite's figures are held against: {@link #atLeast} so many times as little as another's,
 * or {@link #atMost} so much, or so many times another's. Every row counts whose figure is {@link
 * #figure} and whose case contains {@link #where}. A connection's arena is spoken of, and with leak
 * detection disabled the shared allocator too.
 */
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.TYPE)
@Repeatable(Target.All.class)
public @interface Target {
  /** At which levels of leak detection. */
  LeakDetection[] at() default LeakDetection.DEFAULT;

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
  AllocatorUnderTest[] than() default {};

  /** Compared with that of Netty's pooling allocators that has less. */
  boolean thanBetter() default false;

  /** Compared with the first row whose case contains these words. */
  String asIn() default "";

  /** Whether only what goes beyond the suite's limit counts. */
  boolean isBeyondLimit() default false;

  /** All targets of a suite. */
  @Retention(RetentionPolicy.RUNTIME)
  @java.lang.annotation.Target(ElementType.TYPE)
  @interface All {
    Target[] value();
  }
}
