package dev.tidepool.allocator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** The library's events of one kind, while something is done. */
public final class FlightRecording {
  private FlightRecording() {}

  /** Something to be done. */
  public interface Task {
    void run() throws Exception;
  }

  /** The events {@code dev.tidepool.<name>} of {@code task}, in order. */
  public static List<RecordedEvent> of(String name, Task task) {
    String full = "dev.tidepool." + name;
    try (Recording recording = new Recording()) {
      recording.enable(full);
      recording.start();
      task.run();
      recording.stop();
      return read(recording).stream()
          .filter(event -> event.getEventType().getName().equals(full))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<RecordedEvent> read(Recording recording) throws IOException {
    Path file = Files.createTempFile("events", ".jfr");
    try {
      recording.dump(file);
      return RecordingFile.readAllEvents(file);
    } finally {
      Files.delete(file);
    }
  }
}
