# The help: it is compared with the cmdlets in both directions, and its examples are run as they are written.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot ../../out/PgEdgeUsers)
    $cmdlets = (Get-Module PgEdgeUsers).ExportedCmdlets.Keys | Sort-Object
    $topics = 'about_PgEdgeUsers', 'about_PgEdgeUsers_Security'
    $examples = foreach ($cmdlet in $cmdlets) {
        foreach ($example in (Get-Help $cmdlet).examples.example) {
            @{ Cmdlet = $cmdlet; Title = $example.title.Trim('- '); Code = $example.code }
        }
    }
}

BeforeAll {
    . $PSScriptRoot/examples.ps1
    $helpFolder = Join-Path $ModulePath en-US
    $cmdlets = (Get-Module PgEdgeUsers).ExportedCmdlets.Keys | Sort-Object
    $topics = Get-ChildItem $helpFolder/about_*.help.txt | ForEach-Object { $_.Name -replace '\..*' } | Sort-Object
    $common = [System.Management.Automation.Cmdlet]::CommonParameters

    # The values of an enumeration of the core, which cmdlets report as text. The core is loaded by its first use.
    function Get-CoreName([string] $Enumeration) {
        $null = Get-PgEdgeUserFile
        $core = [System.Runtime.Loader.AssemblyLoadContext]::All.Assemblies |
            Where-Object { $_.GetName().Name -eq 'PgEdgeUsers.Core' } | Select-Object -First 1
        [enum]::GetNames(($core.GetTypes() | Where-Object Name -EQ $Enumeration))
    }

    function Get-TypeName([type] $Type) {
        ([System.Nullable]::GetUnderlyingType($Type) ?? $Type).Name
    }

    # How a parameter is bound, as the help says it and as the cmdlet has it.
    filter Get-HelpText {
        '{0}: required {1}, position {2}, pipeline {3}, aliases {4}' -f @(
            $_.name, $_.required, $_.position, $_.pipelineInput, $_.aliases)
    }

    filter Get-ParameterText {
        $input = @(
            if ($_.ValueFromPipeline) { 'ByValue' }
            if ($_.ValueFromPipelineByPropertyName) { 'ByPropertyName' }
        ) -join ', '
        '{0}: required {1}, position {2}, pipeline {3}, aliases {4}' -f @(
            $_.Name
            "$($_.IsMandatory)".ToLowerInvariant()
            $_.Position -lt 0 ? 'named' : $_.Position
            $input ? "True ($input)" : 'False'
            $_.Aliases ? $_.Aliases -join ', ' : 'none')
    }

    # The value that a parameter has if it is not given, as the help writes it.
    function Get-DefaultText($Value) {
        $isNone = $Value -is [securestring] -or $Value -is [pscredential] -or $Value -is [datetime] -or "$Value" -eq ''
        $isNone ? 'None' : $Value -join ', '
    }

    # The values that a parameter accepts, if they are few.
    function Get-AcceptedValue([System.Management.Automation.ParameterMetadata] $Parameter) {
        $type = [System.Nullable]::GetUnderlyingType($Parameter.ParameterType) ?? $Parameter.ParameterType
        $set = $Parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ValidateSetAttribute] }
        if ($set) { $set.ValidValues } elseif ($type.IsEnum) { [enum]::GetNames($type) }
    }
}

Describe 'Get-Help' {
    It 'finds the help in a new session that has used no cmdlet yet' {
        $synopses = Invoke-Pwsh -Command "
            `$env:PSModulePath = '$(Split-Path $ModulePath)' + [System.IO.Path]::PathSeparator + `$env:PSModulePath
            '$($cmdlets -join "', '")' | ForEach-Object { (Get-Help `$_).Synopsis }
            '$($topics -join "', '")' | ForEach-Object { (Get-Help `$_) -split '\n' | Select-Object -Skip 1 -First 1 }"

        $synopses.Trim() | Should -Be (@(($cmdlets | ForEach-Object { (Get-Help $_).Synopsis })) + $topics)
    }
}

Describe 'The help file' {
    It 'describes the cmdlets of the module and nothing else' {
        $described = ([xml] (Get-Content $helpFolder/PgEdgeUsers.dll-Help.xml -Raw)).helpItems.command.details.name

        $described | Should -Be $cmdlets
    }

    It 'names all kinds of findings in the help of Test-PgEdgeUserFile' {
        $notes = (Get-Help Test-PgEdgeUserFile).alertSet.alert.Text -join "`n"

        Get-CoreName FindingKind | Where-Object { $notes -notmatch "\b$_\b" } | Should -BeNullOrEmpty
    }

    It 'names all reasons of refused sign-ins in the help of Get-PgEdgeAuditEvent' {
        $notes = (Get-Help Get-PgEdgeAuditEvent).alertSet.alert.Text -join "`n"

        Get-CoreName RefusalReason | Where-Object { $notes -notmatch "\b$_\b" } | Should -BeNullOrEmpty
    }
}

Describe 'The help of <_>' -ForEach $cmdlets {
    BeforeAll {
        $cmdlet = $_
        $command = Get-Command $cmdlet
        $help = Get-Help $cmdlet -Full
        $parameters = $command.Parameters.Values | Where-Object Name -NotIn $common
    }

    It 'has every part' {
        $help.Synopsis | Should -Match '^[A-Z][^\n]*\.$'
        $help.description.Text | Should -Not -BeNullOrEmpty
        $help.alertSet.alert.Text | Should -Not -BeNullOrEmpty
        $help.inputTypes.inputType.type.name | Should -Not -BeNullOrEmpty
    }

    It 'has at least three numbered examples that use the cmdlet, say what they do, and fit 80 columns' {
        $examples = $help.examples.example

        $examples.Count | Should -BeGreaterOrEqual 3
        $examples.title -replace ':.*' | Should -Be (1..$examples.Count | ForEach-Object { "----- Example $_" })
        foreach ($example in $examples) {
            $example.code | Should -Match "\b$cmdlet\b"
            $example.remarks.Text | Where-Object { $_ } | Should -Not -BeNullOrEmpty -Because $example.code
            $example.code -split '\n' | Where-Object { $_.Length -gt 80 -or -not $_ } | Should -BeNullOrEmpty
        }
    }

    It 'names the types that the cmdlet writes' {
        $help.returnValues.returnValue.type.name | Where-Object { $_ -ne 'None' } | Should -Be $command.OutputType.Name
    }

    It 'links to other cmdlets and topics of the module' {
        $help.relatedLinks.navigationLink.linkText | Should -BeIn ($cmdlets + $topics | Where-Object { $_ -ne $cmdlet })
    }

    It 'describes each parameter and nothing else' {
        $help.parameters.parameter.name | Sort-Object | Should -Be ($parameters.Name | Sort-Object)
        ($help.parameters.parameter | Where-Object { -not $_.description.Text }).name | Should -BeNullOrEmpty
    }

    It 'shows how each parameter is bound' {
        $actual = foreach ($parameter in $help.parameters.parameter) {
            $command.ParameterSets.Parameters | Where-Object Name -EQ $parameter.name | Select-Object -First 1 |
                Get-ParameterText
        }

        $help.parameters.parameter | Get-HelpText | Should -Be $actual
    }

    It 'shows the type of each parameter' {
        foreach ($parameter in $help.parameters.parameter) {
            $type = Get-TypeName $command.Parameters[$parameter.name].ParameterType
            $parameter.type.name, $parameter.parameterValue |
                Should -Be $type, $type -Because "that is the type of -$($parameter.name)"
        }
    }

    It 'shows the default of each parameter, or says in parentheses what happens without it' {
        $instance = [Activator]::CreateInstance($command.ImplementingType)
        foreach ($parameter in $help.parameters.parameter) {
            $default = $parameter.name -in 'WhatIf', 'Confirm' ? 'False' : (Get-DefaultText $instance.($parameter.name))
            if ($default -eq 'None' -and $parameter.defaultValue -match '^\(.+\)$') { continue }
            $parameter.defaultValue | Should -Be $default -Because "that is the default of -$($parameter.name)"
        }
    }

    It 'shows which parameters take wildcards' {
        $marked = $parameters | Where-Object { $_.Attributes.TypeId.Name -contains 'SupportsWildcardsAttribute' }

        $help.parameters.parameter | Where-Object globbing -EQ true | ForEach-Object name | Sort-Object |
            Should -Be ($marked.Name | Sort-Object)
    }

    It 'names all values of a parameter that accepts only some' {
        foreach ($parameter in $parameters) {
            $values = Get-AcceptedValue $parameter
            $text = ($help.parameters.parameter | Where-Object name -EQ $parameter.Name).description.Text -join "`n"
            [regex]::Match($text, 'Accepted values: (.*)\.$').Groups[1].Value | Should -Be ($values -join ', ')
            foreach ($syntax in $help.syntax.syntaxItem.parameter | Where-Object name -EQ $parameter.Name) {
                $syntax.parameterValueGroup.parameterValue | Should -Be $values
            }
        }
    }

    It 'has a syntax for each parameter set, the default one first, and nothing else' {
        $sets = $command.ParameterSets | Sort-Object IsDefault -Descending -Stable
        $actual = foreach ($set in $sets) {
            ($set.Parameters | Where-Object Name -NotIn $common | Get-ParameterText | Sort-Object) -join "`n"
        }
        $shown = foreach ($syntax in $help.syntax.syntaxItem) {
            $syntax.name | Should -Be $cmdlet
            ($syntax.parameter | Get-HelpText | Sort-Object) -join "`n"
        }

        $shown[0] | Should -Be $actual[0]
        $shown | Sort-Object | Should -Be ($actual | Sort-Object)
    }
}

Describe 'An example' {
    BeforeAll {
        Start-ExampleShell
    }

    AfterAll {
        Stop-ExampleShell
    }

    It 'of <Cmdlet> runs without an error: <Title>' -ForEach $examples {
        Invoke-Example $Code | Should -BeNullOrEmpty
    }

    It 'in FIRST STEPS of about_PgEdgeUsers runs without an error' {
        $topic = Get-Content $helpFolder/about_PgEdgeUsers.help.txt -Raw
        $steps = [regex]::Match($topic, '(?s)FIRST STEPS\n(.*?)\n\n').Groups[1].Value

        Invoke-Example "Remove-PgEdgeUser alice -Confirm:`$false`n$steps" | Should -BeNullOrEmpty
    }
}

Describe 'The topic <_>' -ForEach $topics {
    BeforeAll {
        $topic = $_
        $lines = Get-Content $helpFolder/$topic.help.txt
    }

    It 'has the parts that Get-Help looks for and fits 80 columns' {
        $lines[0..3] | Should -Be 'TOPIC', "    $topic", '', 'SHORT DESCRIPTION'
        'LONG DESCRIPTION', 'SEE ALSO' | Should -BeIn $lines
        $lines | Where-Object { $_.Length -gt 80 -or $_ -ne $_.TrimEnd() } | Should -BeNullOrEmpty
    }

    It 'mentions only cmdlets and topics that exist' {
        [regex]::Matches($lines -join "`n", '\b(\w+-PgEdge\w+|about_PgEdge\w*)\b(?!,)').Value |
            Should -BeIn ($cmdlets + $topics)
    }
}

Describe 'The topics' {
    It 'are about the module and about its security' {
        $topics | Should -Be about_PgEdgeUsers, about_PgEdgeUsers_Security
    }

    It 'name all cmdlets' {
        $text = Get-Content $helpFolder/about_PgEdgeUsers.help.txt -Raw

        $cmdlets | Where-Object { $text -notmatch "\b$_\b" } | Should -BeNullOrEmpty
    }

    It 'name all error ids and nothing else' {
        $topic = Get-Content $helpFolder/about_PgEdgeUsers.help.txt -Raw
        $section = [regex]::Match($topic, '(?s)\n  ERRORS\n.*?\nSEE ALSO').Value
        # Ids are indented by eight columns, what they are about by four.
        $named = [regex]::Matches($section, '(?m)^ {8}.*$') | ForEach-Object { $_.Value.Trim(' ', ',') -split ', ' }
        $sources = Get-ChildItem $PSScriptRoot/../../src/PgEdgeUsers -Recurse -Filter *.cs
        $own = ($sources | Select-String '"(\w+)", ErrorCategory\.').Matches.ForEach({ $_.Groups[1].Value })

        $named | Sort-Object | Should -Be ((Get-CoreName FailureKind) + $own | Sort-Object -Unique)
    }
}
