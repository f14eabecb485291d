# The runbooks in docs/runbooks, run as they are: as a job runs them, in a PowerShell process of its own, and where only
# the exit code and the error matter, in this one, which is faster.

BeforeDiscovery {
    $scripts = Get-ChildItem $PSScriptRoot/../../docs/runbooks/*.ps1 | ForEach-Object {
        @{ Name = $_.Name; Script = $_.FullName }
    }
    $guide = Get-Content $PSScriptRoot/../../docs/runbooks.md -Raw
    $lines = [regex]::Matches($guide, '(?m)^pwsh .*-File (\S+)(.*)$').ForEach({
            @{ Line = $_.Value; Script = $_.Groups[1].Value; Arguments = $_.Groups[2].Value }
        })
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/runbooks.ps1
    $guide = Get-Content $PSScriptRoot/../../docs/runbooks.md -Raw
}

Describe '<Name>' -ForEach $scripts {
    It 'has help for the script and each parameter' {
        $help = Get-Help $Script

        $help.Synopsis | Should -Match '^[A-Z].*\.$'
        $help.Examples.Example | Should -Not -BeNullOrEmpty
        $help.Parameters.Parameter | Where-Object Name -NotIn WhatIf, Confirm |
            Where-Object { -not $_.Description } | ForEach-Object Name | Should -BeNullOrEmpty
    }

    It 'is in the table of the guide' {
        $guide | Should -Match ([regex]::Escape("| [$Name](runbooks/$Name) |"))
    }
}

Describe 'docs/runbooks.md' {
    It 'shows parameters that exist: <Line>' -ForEach $lines {
        $parameters = (Get-Command (Join-Path $runbooks $Script)).Parameters

        [regex]::Matches($Arguments, '(?<= -)\w+').Value | Where-Object { $_ -notin $parameters.Keys } |
            Should -BeNullOrEmpty
    }
}

Describe 'A runbook that fails' {
    BeforeEach {
        $file = New-UserFile
        Set-Roster 'Username,Annotation' header.csv
        Set-Roster "Username`nbob`ndora" roster.csv
        Set-Roster "Username`ndora" one.csv
        Set-Roster "Name`nx" passwords.csv
        Set-Roster 'users: [' broken.yaml
        Set-Roster 'users: {}' empty.yaml
    }

    It 'changes nothing, and prints one line: <Line>' -ForEach @(
        @{ Line = 'onboarding.ps1 -CsvPath header.csv -HandoutPath p.csv'; Message = 'There are no users in *header*' }
        @{ Line = 'onboarding.ps1 -CsvPath nowhere.csv -HandoutPath p.csv'; Message = '*find file*nowhere.csv*' }
        @{ Line = 'onboarding.ps1 -CsvPath roster.csv -HandoutPath p.csv'; Message = "*user 'bob' already exists*" }
        @{ Line = 'onboarding.ps1 -CsvPath one.csv -HandoutPath no/p.csv'; Message = '*no/p.csv*' }
        @{ Line = 'onboarding.ps1 -CsvPath one.csv -HandoutPath passwords.csv'; Message = '*passwords.csv*' }
        @{ Line = 'offboarding.ps1 alice nobody -Reason x'; Message = "*user 'nobody' does not exist*" }
        @{ Line = 'offboarding.ps1 -InactiveFor 90 -Reason x'; Message = "*'90' is not a duration*" }
        @{ Line = 'removal.ps1 -InactiveFor 365'; Message = "*'365' is not a duration*" }
        @{ Line = 'rotation.ps1 -OlderThan 1d -IncludeUnknown -HandoutFolder no'; Message = '*no/passwords-*' }
        @{ Line = 'review.ps1 -DecisionPath header.csv'; Message = '*roster is empty*' }
        @{ Line = 'review.ps1 -DecisionPath nowhere.csv'; Message = '*find file*nowhere.csv*' }
        @{ Line = 'nightly.ps1 -RosterPath header.csv'; Message = '*roster is empty*' }
        @{ Line = 'nightly.ps1 -RosterPath nowhere.csv'; Message = '*find file*nowhere.csv*' }
        @{ Line = 'nightly.ps1 -RosterPath roster.csv'; Message = "*'dora' is new*" }
        @{ Line = 'nightly.ps1 -RosterPath roster.csv -HandoutFolder no'; Message = '*no/passwords-*' }
        @{ Line = 'nightly.ps1 -RosterPath one.csv -HandoutFolder .'; Message = '*more than half*' }
        @{ Line = 'moving.ps1 -From nowhere.yaml'; Message = '*nowhere.yaml*does not exist*' }
        @{ Line = 'moving.ps1 -From broken.yaml'; Message = '*broken.yaml*cannot be used: line 1*' }
        @{ Line = 'moving.ps1 -From empty.yaml'; Message = 'There are no users in *empty.yaml*' }
    ) {
        $before = Get-ChildItem (Split-Path $file) -Recurse | ForEach-Object Name

        $result = Invoke-Here $Line

        $result.ExitCode | Should -Be 1
        $result.Errors | Should -HaveCount 1
        $result.Errors[0] | Should -BeLike "$($Line -replace ' .*'): $Message"
        Test-Untouched $file | Should -BeTrue
        Get-ChildItem (Split-Path $file) -Recurse | ForEach-Object Name | Where-Object { $_ -notlike '*.lock' } |
            Should -Be $before
    }

    It 'does not create a user file: <_>' -ForEach @(
        'nightly.ps1 -RosterPath roster.csv -HandoutFolder .'
        'rotation.ps1 -OlderThan 1d -HandoutFolder .'
        'offboarding.ps1 alice -Reason x'
        'removal.ps1 -InactiveFor 365d'
        'review.ps1 -DecisionPath roster.csv'
    ) {
        Remove-Item $file

        $result = Invoke-Here $_

        $result.ExitCode | Should -Be 1
        $result.Errors | Should -HaveCount 1
        $result.Errors[0] | Should -BeLike "$($_ -replace ' .*'): The user file '$file' *does not exist*"
        Test-Path $file | Should -BeFalse
    }

    It 'prints one line for a job, too' {
        $result = Invoke-Runbook nightly.ps1 -RosterPath nowhere.csv
        $misused = Invoke-Runbook offboarding.ps1 alice

        $result.ExitCode, $misused.ExitCode | Should -Be 1, 1
        $result.Output + $misused.Output | Should -BeNullOrEmpty
        $result.Errors + $misused.Errors | Should -HaveCount 2
        $result.Errors | Should -BeLike 'nightly.ps1: *nowhere.csv*'
        $misused.Errors | Should -BeLike 'offboarding.ps1: *mandatory parameters: Reason*'
    }
}

Describe 'onboarding.ps1' {
    BeforeEach {
        $file = New-UserFile
        Set-Roster "Username,Annotation,Status`ndora,`"Dora, Analyst`",`nerin,,Disabled"
        $arguments = '-CsvPath', 'roster.csv', '-HandoutPath', 'passwords.csv', '-Reason', 'Ticket 4711'
    }

    It 'shows who would be added with -WhatIf' {
        $result = Invoke-Runbook onboarding.ps1 @arguments -WhatIf

        $result.ExitCode | Should -Be 2
        $result.Output | Should -Match '^What if: .*"Add.*" on target "User ''(dora|erin)'''
        Test-Untouched $file | Should -BeTrue
        Get-Handout | Should -BeNullOrEmpty
    }

    It 'adds people with passwords that are handed out, and never twice' {
        $result = Invoke-Runbook onboarding.ps1 @arguments
        $again = Invoke-Here 'onboarding.ps1 -CsvPath roster.csv -HandoutPath again.csv'

        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 2
        $result.Output | Should -HaveCount 4
        $result.Output[2] | Should -Match '^dora\s+Enabled\s+Dora, Analyst$'
        Get-User | Select-Object -Last 2 | Should -BeExactly 'dora Enabled Dora, Analyst', 'erin Disabled '
        $handout = Get-Handout
        if (-not $IsWindows) {
            $handout.UnixMode | Should -Be '-rw-------'
        }
        $row = Import-Csv $handout | Where-Object Username -EQ dora
        (New-PgEdgeSession (New-Login dora $row.Password) -Path $file -NoAudit).Username | Should -Be dora
        $result.Output -match [regex]::Escape($row.Password) | Should -BeNullOrEmpty
        Get-Reason | Should -Be 'Ticket 4711'
        $again.ExitCode | Should -Be 1
        $again.Errors | Should -BeLike "*user 'dora' already exists*"
        Join-Path (Split-Path $file) again.csv | Should -Not -Exist
    }
}

Describe 'offboarding.ps1' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'disables people who left, and ends their sessions' {
        $null = New-PgEdgeSession (New-Login bob) -Path $file -NoAudit

        $result = Invoke-Runbook offboarding.ps1 bob charlie -Reason 'Ticket 4712'
        $text = Get-Text $file
        $again = Invoke-Here "offboarding.ps1 bob charlie -Reason 'Ticket 4712'"

        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 2
        $result.Output | Should -HaveCount 3
        $result.Output[2] | Should -Match '^bob .* Disabled +Admin$'
        Get-User | Should -BeExactly 'alice Enabled Developer', 'bob Disabled Admin', 'charlie Disabled Former emp'
        Get-PgEdgeSession -Path $file | Should -BeNullOrEmpty
        (Get-PgEdgeAuditEvent bob -Path $file -Event UserDisabled).Reason | Should -Be 'Ticket 4712'
        $again.ExitCode | Should -Be 0
        Get-Text $file | Should -BeExactly $text
    }

    It 'shows with -WhatIf which inactive users would be disabled, and disables them' {
        Edit-UserFile $file 2024-11-14T09:30:00Z ([datetime]::UtcNow.AddDays(-80).ToString('s') + 'Z')
        $plan = Invoke-Runbook offboarding.ps1 -InactiveFor 90d -Reason Inactive -WhatIf
        Test-Untouched $file | Should -BeTrue

        $result = Invoke-Runbook offboarding.ps1 -InactiveFor 90d -Reason Inactive

        $plan.ExitCode | Should -Be 2
        $plan.Output[0] | Should -BeLike 'What if: *"Disable" on target "User ''bob''*'
        $result.ExitCode | Should -Be 2
        Get-User | Should -BeExactly 'alice Enabled Developer', 'bob Disabled Admin', 'charlie Disabled Former emp'
    }
}

Describe 'removal.ps1' {
    It 'removes disabled users who are inactive, but nobody who was disabled just now' {
        $file = New-UserFile
        Disable-PgEdgeUser bob -Path $file

        $result = Invoke-Runbook removal.ps1 -InactiveFor 365d
        $again = Invoke-Here 'removal.ps1 -InactiveFor 365d'

        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 2
        $result.Output | Should -HaveCount 3
        $result.Output[2] | Should -Match '^charlie '
        (Get-PgEdgeUser -Path $file).Username | Should -Be alice, bob
        (Get-PgEdgeAuditEvent charlie -Path $file).Reason | Should -Be 'Disabled, and inactive for 365d'
        $again.ExitCode | Should -Be 0

        (Invoke-Here 'removal.ps1 -InactiveFor 365d -GraceDays 0').ExitCode | Should -Be 2
        (Get-PgEdgeUser -Path $file).Username | Should -Be alice
        (Restore-PgEdgeUser bob, charlie -Path $file -PassThru).Username | Should -Be bob, charlie
    }
}

Describe 'rotation.ps1' {
    It 'gives enabled users with an old password a new one, and those whose password has no age if told to' {
        $file = New-UserFile
        Set-PgEdgeUser alice -Password (New-Secret $Passwords.alice) -Path $file
        $history = "$file.history.jsonl"
        Set-UserFile $history (Get-Text $history).Replace("$([datetime]::UtcNow.Year)-", '2020-')
        $bob = Get-Field $file bob password_hash

        $result = Invoke-Runbook rotation.ps1 -OlderThan 365d -HandoutFolder .
        Get-Field $file bob password_hash | Should -BeExactly $bob
        $again = Invoke-Here 'rotation.ps1 -OlderThan 365d -HandoutFolder .'
        $all = Invoke-Runbook rotation.ps1 -OlderThan 365d -HandoutFolder . -IncludeUnknown

        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 2
        $result.Output | Should -HaveCount 3
        $result.Output[2] | Should -Match '^alice .*Developer$'
        $again.ExitCode | Should -Be 0
        $all.ExitCode | Should -Be 2
        $all.Output[2] | Should -Match '^bob '
        $rows = Get-Handout | Sort-Object Name | ForEach-Object { Import-Csv $_ }
        $rows.Username | Should -Be alice, bob
        foreach ($row in $rows) {
            (New-PgEdgeSession (New-Login $row.Username $row.Password) -Path $file -NoAudit).Username |
                Should -Be $row.Username
        }
        (Get-PgEdgeAuditEvent bob -Path $file -Event PasswordSet).Reason | Should -Be 'Password older than 365d'
    }
}

Describe 'review.ps1' {
    It 'shows with -WhatIf what the decisions would change, and applies them once' {
        $file = New-UserFile
        $null = [pscustomobject] @{ Username = 'dora'; Status = 'Disabled' } | Sync-PgEdgeUser -Path $file -NoAudit
        Set-UserFile $file (Get-Text $file)
        Export-PgEdgeAccessReview (Join-Path (Split-Path $file) review.html) -Path $file | Should -Exist
        # As the page writes it.
        $decisions = 'Username,Decision', 'alice,Keep', 'bob,Disable', 'charlie,Remove'
        Set-Roster ("`u{FEFF}" + ($decisions -replace '[^,]+', '"$0"' -join "`r`n"))

        $plan = Invoke-Runbook review.ps1 -DecisionPath roster.csv -WhatIf
        Test-Untouched $file | Should -BeTrue
        $result = Invoke-Runbook review.ps1 -DecisionPath roster.csv -Reason 'Access review Q4'
        $again = Invoke-Here 'review.ps1 -DecisionPath roster.csv'

        $plan.ExitCode | Should -Be 2
        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 2
        $plan.Output -notmatch '^What if: ' | Should -Be $result.Output
        $result.Output | Select-Object -Skip 2 | Should -Match '^(Disable +bob|Remove +charlie) '
        Get-User | Should -BeExactly 'alice Enabled Developer', 'bob Disabled Admin', 'dora Disabled '
        Get-Reason | Should -Be 'Access review Q4'
        $again.ExitCode | Should -Be 0
        $again.Errors | Should -BeNullOrEmpty
    }
}

Describe 'moving.ps1' {
    BeforeEach {
        $old = New-UserFile
        Set-PgEdgeUser alice -Password (New-Secret $Passwords.new) -Path $old
        $file = Join-Path (Split-Path (New-UserFile)) new.yaml
        $null = New-Item (Join-Path (Split-Path $file) travel) -ItemType Directory
        $travel = Join-Path (Split-Path $file) travel/users.yaml
        Copy-PgEdgeUser * $travel -Path $old
    }

    It 'copies everybody with password, dates and status into a new file' {
        $plan = Invoke-Runbook moving.ps1 -From travel/users.yaml -WhatIf
        Test-Path $file | Should -BeFalse
        $result = Invoke-Runbook moving.ps1 -From travel/users.yaml

        $plan.ExitCode | Should -Be 0
        $plan.Output | Should -HaveCount 3
        $plan.Output | Should -Match '^What if: .*"Copy from '
        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 2
        $result.Output | Should -HaveCount 5
        foreach ($field in 'Username', 'Status', 'Annotation', 'CreatedAt', 'LastLogin', 'PasswordLastSet') {
            (Get-PgEdgeUser -Path $file).$field | Should -Be (Get-PgEdgeUser -Path $old).$field
        }
        (New-PgEdgeSession (New-Login alice $Passwords.new) -Path $file -NoAudit).Username | Should -Be alice
    }

    It 'copies nobody if a user exists, unless told to skip or overwrite them' {
        Copy-PgEdgeUser bob $file -Path $old
        Disable-PgEdgeUser bob -Path $file

        $conflict = Invoke-Here 'moving.ps1 -From travel/users.yaml'
        $conflict.ExitCode | Should -Be 1
        $conflict.Errors | Should -BeLike "moving.ps1: The user 'bob' already exists and was not copied.*"
        (Get-PgEdgeUser -Path $file).Username | Should -Be bob

        $skip = Invoke-Runbook moving.ps1 -From travel/users.yaml -OnConflict Skip
        $skip.ExitCode | Should -Be 2
        $skip.Output | Select-Object -Last 1 | Should -Match '^Change\s+bob\s+Status: Disabled -> Enabled$'
        Get-User | Sort-Object |
            Should -BeExactly 'alice Enabled Developer', 'bob Disabled Admin', 'charlie Disabled Former emp'
        (Invoke-Here 'moving.ps1 -From travel/users.yaml -OnConflict Skip').ExitCode | Should -Be 0

        (Invoke-Here 'moving.ps1 -From travel/users.yaml -OnConflict Overwrite').ExitCode | Should -Be 2
        (Get-PgEdgeUser bob -Path $file).Status | Should -Be Enabled
    }
}

Describe 'nightly.ps1' {
    BeforeEach {
        $file = New-UserFile
        Set-NightlyRoster
    }

    It 'shows the plan with -WhatIf' {
        $result = Invoke-Runbook nightly.ps1 -RosterPath roster.csv -HandoutFolder handouts -WhatIf

        $result.ExitCode | Should -Be 2
        $result.Output -notmatch '^What if: ' -replace ' +$' | Should -BeExactly $NightlyChanges
        Test-Untouched $file | Should -BeTrue
        Get-Handout | Should -BeNullOrEmpty
    }

    It 'makes the users match the roster, and has nothing to do the second time' {
        $result = Invoke-Runbook nightly.ps1 -RosterPath roster.csv -HandoutFolder handouts
        $text = Get-Text $file
        $again = Invoke-Here 'nightly.ps1 -RosterPath roster.csv -HandoutFolder handouts'

        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 2
        $result.Output.ForEach('TrimEnd') | Should -BeExactly $NightlyChanges
        Get-User | Should -BeExactly @(
            'alice Enabled Lead', 'bob Enabled Admin', 'charlie Disabled Former emp', 'dora Enabled Dora')
        Get-Reason | Should -Be 'Nightly job'
        $again.ExitCode | Should -Be 0
        $again.Errors | Should -BeNullOrEmpty
        Get-Text $file | Should -BeExactly $text
        $row = Import-Csv (Get-Handout)
        (New-PgEdgeSession (New-Login $row.Username $row.Password) -Path $file -NoAudit).Username | Should -Be dora
    }

    It 'disables or removes users whom the roster does not name: <Missing>' -ForEach @(
        @{ Missing = 'Disable'; Users = 'alice Enabled Developer', 'bob Disabled Admin', 'charlie Disabled Former emp' }
        @{ Missing = 'Remove'; Users = 'alice Enabled Developer', 'charlie Disabled Former emp' }
        @{ Missing = 'Ignore'; Users = 'alice Enabled Developer', 'bob Enabled Admin', 'charlie Disabled Former emp' }
    ) {
        Set-Roster "Username`nalice`ncharlie"

        $result = Invoke-Here "nightly.ps1 -RosterPath roster.csv -Missing $Missing"

        $result.ExitCode | Should -Be ($Missing -eq 'Ignore' ? 0 : 2)
        Get-User | Should -BeExactly $Users
    }
}
