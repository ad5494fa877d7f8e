package dev.tidepool.echo;

import dev.tidepool.echo.compare.Cores;
import dev.tidepool.echo.compare.Scenario;
import dev.tidepool.echo.compare.Scenarios;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The converters of option values that only {@code compare} has. */
final class CompareConverters {
  private CompareConverters() {}

  /** Converts a scenario's name; iterates over all names, for the help and for completion. */
  static final class ScenarioName implements ITypeConverter<Scenario>, Iterable<String> {
    @Override
    public Scenario convert(String value) {
      try {
        return Scenarios.of(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public Iterator<String> iterator() {
      return Scenarios.all().stream().map(Scenario::name).iterator();
    }
  }

  /** Converts two lists of cores: {@code 0:1}, {@code 0-3:4,5}, or {@code none}. */
  static final class CoreLists implements ITypeConverter<Cores> {
    @Override
    public Cores convert(String value) {
      try {
        return Cores.of(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
