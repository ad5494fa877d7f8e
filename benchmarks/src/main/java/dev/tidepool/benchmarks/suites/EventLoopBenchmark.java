package dev.tidepool.benchmarks.suites;

import dev.tidepool.benchmarks.EventLoopThreads;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How all that runs on event-loop threads is measured, limits and suites alike: for every fork the
 * same threads, heap and collector, and as long.
 *
 * <p>On JMH's command line {@code -jvmArgsAppend} takes the place of what is written here; {@code
 * -jvmArgsPrepend} leaves it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      EventLoopThreads.CUSTOM,
      EventLoopThreads.CLASS,
      "-Xms1g",
      "-Xmx1g",
      "-XX:+UseG1GC"
    })
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 120, timeUnit = TimeUnit.MILLISECONDS)
public abstract class EventLoopBenchmark {}
