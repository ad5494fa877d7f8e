package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The fast paths of the owner's allocation and release: no lock, no atomic, no thread-local, no
 * reference stored. Checked in the byte code, so that none can be added unseen.
 */
class FastPathTest {
  private static final String MEMORY = "dev.tidepool.allocator.memory.";

  /** The methods that end the fast path. */
  private static final Set<String> SLOW_PATHS =
      Set.of("Arena.allocateOwned", "ArenaByteBuf.releaseSlow", "Block.closeGaps", "Block.emptied");

  private static final Set<String> ALLOWED_ELSEWHERE =
      Set.of(
          "java.lang.Thread.currentThread",
          "java.lang.invoke.VarHandle.getAcquire",
          "java.lang.Integer.compareUnsigned",
          "java.lang.Math.max");

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tidepool.allocator.memory");

  private final Set<JavaCodeUnit> reached = new java.util.LinkedHashSet<>();

  private Set<String> callsFrom(Class<?> type, String method, Class<?>... parameters) {
    Set<String> out = new TreeSet<>();
    Deque<JavaCodeUnit> toLookAt = new ArrayDeque<>();
    toLookAt.add(classes.get(type).getMethod(method, parameters));
    while (!toLookAt.isEmpty()) {
      JavaCodeUnit unit = toLookAt.remove();
      if (reached.add(unit)) {
        for (JavaMethodCall call : unit.getMethodCallsFromSelf()) {
          follow(call, toLookAt, out);
        }
      }
    }
    return out;
  }

  private void follow(JavaMethodCall call, Deque<JavaCodeUnit> toLookAt, Set<String> out) {
    String name = call.getTargetOwner().getSimpleName() + '.' + call.getName();
    if (SLOW_PATHS.contains(name)) {
      return;
    }
    JavaCodeUnit target = call.getTarget().resolveMember().orElse(null);
    if (target != null && target.getOwner().getName().startsWith(MEMORY)) {
      toLookAt.add(target);
    } else if (!ALLOWED_ELSEWHERE.contains(call.getTargetOwner().getName() + '.' + call.getName())
        && !call.getTargetOwner().isAssignableTo("io.netty.buffer.AbstractByteBuf")) {
      out.add(call.getDescription());
    }
  }

  private void storesNoReferenceAndLocksNothing() {
    for (JavaCodeUnit unit : reached) {
      assertThat(unit.getModifiers())
          .as(unit.getFullName())
          .doesNotContain(JavaModifier.SYNCHRONIZED);
      unit.getFieldAccesses().stream()
          .filter(access -> access.getAccessType().toString().equals("SET"))
          .forEach(this::isPrimitive);
    }
  }

  private void isPrimitive(JavaAccess<?> store) {
    var field = ((com.tngtech.archunit.core.domain.JavaFieldAccess) store).getTarget();
    assertThat(field.getRawType().isPrimitive()).as(store.getDescription()).isTrue();
  }

  @Test
  void allocationReachesOnlyWhatIsAllowed() {
    assertThat(callsFrom(Arena.class, "allocate", int.class, int.class)).isEmpty();
    storesNoReferenceAndLocksNothing();
    assertThat(reached).extracting(JavaCodeUnit::getName).contains("take", "open", "hasRoom");
  }

  @Test
  void theLastReleaseReachesOnlyWhatIsAllowed() {
    assertThat(callsFrom(ArenaByteBuf.class, "release")).isEmpty();
    storesNoReferenceAndLocksNothing();
    assertThat(reached).extracting(JavaCodeUnit::getName).contains("free", "rewind", "pop");
  }

  /** A recorded block has no owner, which the fast path looks at anyway. */
  @Test
  void neitherKnowsOfARecording() {
    callsFrom(Arena.class, "allocate", int.class, int.class);
    callsFrom(ArenaByteBuf.class, "release");
    for (JavaCodeUnit unit : reached) {
      assertThat(unit.getFieldAccesses())
          .as("fields of %s", unit.getFullName())
          .noneMatch(access -> access.getTarget().getRawType().isEquivalentTo(ArenaRecorder.class));
      assertThat(unit.getMethodCallsFromSelf())
          .as("calls of %s", unit.getFullName())
          .noneMatch(call -> call.getTargetOwner().isEquivalentTo(ArenaRecorder.class));
    }
  }

  @Test
  void theWalkSeesTheRecorderWhereItIs() {
    callsFrom(BlockPool.class, "free", ArenaByteBuf.class);
    assertThat(reached)
        .flatExtracting(JavaCodeUnit::getMethodCallsFromSelf)
        .anyMatch(call -> call.getTargetOwner().isEquivalentTo(ArenaRecorder.class));
  }

  @Test
  void theWalkSeesAnAtomicWhereThereIsOne() {
    assertThat(callsFrom(CountedByteBuf.class, "retain")).isNotEmpty();
  }
}
