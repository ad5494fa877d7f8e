package dev.tidepool.allocator;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.stream.Collectors;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LJ_Result;

@JCStressTest
@Description(
    "A reader of a ring with room for one gets an event whole and under its number, and one that it"
        + " did not get was dropped.")
@Outcome(id = "none, 1", expect = ACCEPTABLE, desc = "It came before or amid the two.")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It read the first before it was replaced.")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The first was replaced as it was read.")
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "It came too late for the first.")
@Outcome(expect = FORBIDDEN, desc = "An event is wrong, or lost without being counted.")
@State
public class EventRingStress {
  private final EventRing ring = new EventRing(1);

  private static ArenaEvent event(int number) {
    return new ArenaEvent(
        number, number, ArenaEvent.Kind.RESET, number, 0, false, 0, 0, 0, number, "any");
  }

  @Actor
  public void writer() {
    ring.add(event(1));
    ring.add(event(2));
  }

  @Actor
  public void reader(LJ_Result result) {
    String read =
        ring.since(0).stream()
            .filter(each -> each.sequence() == each.request() && each.block() == each.request())
            .map(each -> String.valueOf(each.sequence()))
            .collect(Collectors.joining(" "));
    result.r1 = read.isEmpty() ? "none" : read;
  }

  @Arbiter
  public void end(LJ_Result result) {
    result.r2 = ring.dropped();
  }
}
