package dev.tidepool.benchmarks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * A suite of the report, declared on its class: the benchmarks are those of the class and of the
 * classes nested in it. The report finds every such class that JMH knows.
 *
 * <p>Parameters are JMH's; the one called {@code underTest} says which allocator is measured. A
 * benchmark that does the same work without an allocator has no such parameter: {@code Limit.work}
 * is the limit of {@code work}.
 */
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.TYPE)
public @interface Suite {
  /** The parameter whose values are allocators, beside which all others make up a case. */
  String UNDER_TEST = "underTest";

  /** The suite's heading. */
  String title();

  /** What one operation is, or what is asked. */
  String operation();

  /** Whether the time of an operation is one of the figures; of memory it never is. */
  boolean isTimed() default true;

  /** What a quick run leaves of the parameters' values: {@code "size=256,512"}. */
  String[] quick() default {};

  /** The only methods of a quick run; all of them if none is named. */
  String[] quickMethods() default {};
}
