package dev.tidepool.echo.compare;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The raw data of a comparison, as JSON lines: first the {@link Setup}, then a {@link RunResult}
 * for each run, written as it ends. The data of comparisons of other scenarios may follow, each
 * with its setup: what is compared is always within a scenario.
 */
final class RawData implements Closeable {
  private static final String FILE = "runs.jsonl";
  private static final String FAILURE = "failure";
  private static final String SETUP = "schemaVersion";

  private final BufferedWriter out;

  /**
   * Begins a file; one that is there already is kept under another name.
   *
   * @param progress is told of the other name
   */
  RawData(Path directory, Setup setup, Consumer<String> progress) throws IOException {
    keepEarlier(directory, progress);
    out = Files.newBufferedWriter(file(directory), StandardOpenOption.CREATE_NEW);
    write(setup);
  }

  private static void keepEarlier(Path directory, Consumer<String> progress) throws IOException {
    Path earlier = file(directory);
    if (Files.exists(earlier)) {
      Path kept = free(directory);
      Files.move(earlier, kept);
      progress.accept(earlier + ": the raw data of an earlier comparison are now " + kept);
    }
  }

  private static Path free(Path directory) {
    return IntStream.iterate(1, i -> i + 1)
        .mapToObj(i -> directory.resolve("runs." + i + ".jsonl"))
        .filter(Files::notExists)
        .findFirst()
        .orElseThrow();
  }

  static Path file(Path directory) {
    return directory.resolve(FILE);
  }

  void add(RunResult result) throws IOException {
    write(result);
  }

  void add(RunFailure failure) throws IOException {
    write(failure);
  }

  private void write(Object line) throws IOException {
    out.write(Json.line(line));
    out.newLine();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** What a file contains. */
  record Contents(Setup setup, List<RunResult> runs, List<RunFailure> failures) {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read or is none
   */
  static Contents read(Path directory) throws IOException {
    List<String> lines = Files.readAllLines(file(directory));
    if (lines.isEmpty()) {
      throw new IOException(file(directory) + " is empty, expected the raw data of a comparison");
    }
    Setup setup = Json.read(Setup.class, lines.get(0));
    List<RunResult> runs = new ArrayList<>();
    List<RunFailure> failures = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      if (Json.has(line, FAILURE)) {
        failures.add(Json.read(RunFailure.class, line));
      } else if (Json.has(line, SETUP)) {
        setup = setup.followedBy(Json.read(Setup.class, line));
      } else {
        runs.add(Json.read(RunResult.class, line));
      }
    }
    return new Contents(setup, runs, failures);
  }
}
