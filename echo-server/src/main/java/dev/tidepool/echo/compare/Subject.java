package dev.tidepool.echo.compare;

import dev.tidepool.echo.server.AllocatorChoice;
import java.util.ArrayList;
import java.util.List;

/**
 * What is compared: an allocator under a label.
 *
 * @param label as pages call it
 * @param allocator the name by which it is chosen
 * @param tidepool whether it is Tidepool's; the others are its peers
 * @param twin whether it is the first allocator again, which shows how much equal things differ
 */
public record Subject(String label, String allocator, boolean tidepool, boolean twin) {

  /** Runs are found by their subject's label, so that no two may have the same. */
  private static Subject of(AllocatorChoice choice, List<AllocatorChoice> all) {
    String label = simpleName(choice);
    long named = all.stream().filter(other -> simpleName(other).equals(label)).count();
    String name = choice.toString();
    return new Subject(named > 1 ? name : label, name, choice.isTidepool(), false);
  }

  private static String simpleName(AllocatorChoice choice) {
    String name = choice.toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private Subject newTwin() {
    return new Subject(label + " again", allocator, tidepool, true);
  }

  /**
   * Of these allocators, and the first one again. Classes of the same simple name have their whole
   * names as labels.
   *
   * @param choices all different
   */
  static List<Subject> withTwin(List<AllocatorChoice> choices) {
    List<Subject> subjects =
        new ArrayList<>(choices.stream().map(choice -> of(choice, choices)).toList());
    subjects.add(subjects.get(0).newTwin());
    return subjects;
  }

  /** Whether it is one of those that Tidepool's are compared with. */
  boolean isPeer() {
    return !tidepool && !twin;
  }

  /** Whether it is compared with the best peer. */
  boolean isOurs() {
    return tidepool && !twin;
  }
}
