package dev.tidepool.allocator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** The layers of the library, what it exports, and what it must not depend on. */
@AnalyzeClasses(
    packages = "dev.tidepool.allocator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String EXPORTED = "dev.tidepool.allocator";

  @ArchTest
  static final ArchRule eachLayerKnowsOnlyThoseBelow =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("exported")
          .definedBy(EXPORTED)
          .layer("threads")
          .definedBy("..allocator.threads")
          .layer("budget")
          .definedBy("..allocator.budget")
          .layer("memory")
          .definedBy("..allocator.memory")
          .layer("os")
          .definedBy("..allocator.os")
          .layer("logging")
          .definedBy("..allocator.logging")
          .layer("jfr")
          .definedBy("..allocator.jfr")
          .whereLayer("exported")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("threads")
          .mayOnlyBeAccessedByLayers("exported")
          .whereLayer("budget")
          .mayOnlyBeAccessedByLayers("exported", "threads")
          .whereLayer("memory")
          .mayOnlyBeAccessedByLayers("exported", "threads")
          .whereLayer("os")
          .mayOnlyBeAccessedByLayers("exported", "threads")
          .whereLayer("logging")
          .mayOnlyBeAccessedByLayers("exported", "memory")
          .whereLayer("jfr")
          .mayOnlyBeAccessedByLayers("exported", "memory", "os");

  @ArchTest
  static final ArchRule everyClassIsInOneOfTheLayers =
      classes()
          .should()
          .resideInAnyPackage(
              EXPORTED,
              "..allocator.threads",
              "..allocator.budget",
              "..allocator.memory",
              "..allocator.os",
              "..allocator.logging",
              "..allocator.jfr");

  /** So that the library works without the module. */
  @ArchTest
  static final ArchRule onlyTheEventsKnowFlightRecorder =
      noClasses()
          .that()
          .resideOutsideOfPackage("..allocator.jfr")
          .should()
          .dependOnClassesThat(
              resideInAPackage("jdk.jfr..")
                  .or(resideInAPackage("..allocator.jfr").and(not(resideInFlightEvents()))));

  @ArchTest
  static final ArchRule onlyTheExportedPackageKnowsChannels =
      noClasses()
          .that()
          .resideOutsideOfPackage(EXPORTED)
          .should()
          .dependOnClassesThat(resideInAPackage("io.netty.channel.."));

  /** Who does not use the binder needs no Micrometer. */
  @ArchTest
  static final ArchRule onlyTheBinderKnowsMicrometer =
      noClasses()
          .that()
          .haveNameNotMatching(EXPORTED + "\\.ArenaMeterBinder(\\$.*)?")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.micrometer..").or(named(EXPORTED + ".ArenaMeterBinder")));

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.tidepool.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule unsafeIsNotUsed =
      noClasses().should().dependOnClassesThat(resideInAnyPackage("sun.misc..", "jdk.internal.."));

  @ArchTest
  static final ArchRule nettysInternalsAreItsLoggerAndTheMapOfExecutors =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.netty.util.internal..")
                  .and(not(resideInAPackage("io.netty.util.internal.logging")))
                  .and(not(named("io.netty.util.internal.ThreadExecutorMap"))));

  @ArchTest
  static final ArchRule onlyPoolsByThreadReadsTheMapOfExecutors =
      noClasses()
          .that(not(named("dev.tidepool.allocator.threads.PoolsByThread")))
          .should()
          .dependOnClassesThat(named("io.netty.util.internal.ThreadExecutorMap"));

  @ArchTest
  static final ArchRule publicMembersNameNothingInternal =
      members()
          .that()
          .areDeclaredInClassesThat()
          .resideInAPackage(EXPORTED)
          .and()
          .areDeclaredInClassesThat()
          .arePublic()
          .and()
          .arePublic()
          .and()
          .doNotHaveModifier(JavaModifier.SYNTHETIC)
          .should(nameNothingInternal());

  /** Neither a field's type, nor a parameter's, nor what a method returns. */
  private static ArchCondition<JavaMember> nameNothingInternal() {
    return new ArchCondition<>("name nothing internal") {
      @Override
      public void check(JavaMember member, ConditionEvents events) {
        for (JavaClass type : member.getAllInvolvedRawTypes()) {
          boolean isInternal = isInternal(type.getBaseComponentType());
          events.add(
              new SimpleConditionEvent(
                  member, !isInternal, member.getFullName() + " names " + type.getName()));
        }
      }
    };
  }

  private static boolean isInternal(JavaClass type) {
    return type.getPackageName().startsWith(EXPORTED)
        && !(type.getPackageName().equals(EXPORTED)
            && type.getModifiers().contains(JavaModifier.PUBLIC));
  }

  /** Flight Recorder's events without Flight Recorder's types. */
  private static DescribedPredicate<JavaClass> resideInFlightEvents() {
    return DescribedPredicate.describe(
        "FlightEvents and its nested classes",
        type -> type.getName().startsWith("dev.tidepool.allocator.jfr.FlightEvents"));
  }

  private static DescribedPredicate<JavaClass> named(String name) {
    return HasName.Predicates.name(name).forSubtype();
  }
}
