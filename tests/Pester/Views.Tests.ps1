# What a person sees of users, files and findings. Color needs a terminal: see Terminal.Tests.ps1.

BeforeAll {
    . $PSScriptRoot/common.ps1

    function Get-Local([datetime] $Utc) {
        [datetime]::SpecifyKind($Utc, 'Utc').ToLocalTime().ToString('yyyy-MM-dd HH:mm', [cultureinfo]::InvariantCulture)
    }
}

Describe 'The view' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'of users is the table of the pgEdge documentation' {
        Get-PgEdgeUser -Path $file | Get-Screen | Should -BeExactly @(
            'Username Created          Last Login       Status   Annotation'
            '-------- -------          ----------       ------   ----------'
            "alice    $(Get-Local '2024-10-30 10:15') $(Get-Local '2024-11-14 09:30') Enabled  Developer"
            "bob      $(Get-Local '2024-10-15 14:20') Never            Enabled  Admin"
            "charlie  $(Get-Local '2024-09-01 08:00') $(Get-Local '2024-10-10 16:45') Disabled Former emp"
        )
    }

    It 'of a user is a list' {
        Get-PgEdgeUser charlie -Path $file | Format-List | Get-Screen | Should -BeExactly @(
            'Username        : charlie'
            'Status          : Disabled'
            "CreatedAt       : $(Get-Local '2024-09-01 08:00')"
            "LastLogin       : $(Get-Local '2024-10-10 16:45')"
            'PasswordLastSet : Unknown'
            'FailedAttempts  : 3'
            'Annotation      : Former emp'
            "Path            : $file"
        )
    }

    It 'of audit events is a table that shows on 80 columns who did what, and cuts nothing' {
        $event = [ordered] @{
            time = '2026-03-04T05:06:07Z'; event = 'AnnotationSet'; user = 'christopher.hamilton@example.org'
            success = $true; reason = ''; process = 'pwsh 1'; actor = 'carla as root'; path = $file
        }
        $refused = [ordered] @{} + $event
        $refused.event, $refused.user, $refused.actor = 'SignIn', 'bob', 'christopher as root'
        $refused.success, $refused.reason = $false, 'AccountDisabled'
        $external = [ordered] @{} + $event
        $external.event, $external.user, $external.actor = 'ExternalChange', 'bob', ''
        $event, $refused, $external | ForEach-Object { ConvertTo-Json $_ -Compress } | Set-Content "$file.audit.jsonl"
        if (-not $IsWindows) {
            chmod 600 "$file.audit.jsonl"
        }
        $time = "$(Get-Local '2026-03-04 05:06'):07"

        # PowerShell leaves the last column of a terminal free.
        $screen = (Get-PgEdgeAuditEvent -Path $file | Out-String -Width 79) -split '\r?\n'

        $screen | ForEach-Object TrimEnd | Where-Object { $_ } | Should -BeExactly @(
            'Time                Event          Username       Actor         Outcome'
            '----                -----          --------       -----         -------'
            "$time AnnotationSet  christopher.ha carla as root Success"
            '                                   milton@example'
            '                                   .org'
            "$time SignIn         bob            christopher a AccountDisabled"
            '                                                  s root'
            "$time ExternalChange bob                          Success"
        )
    }

    It 'of an audit event is a list with the values before and after' {
        Set-PgEdgeUser bob -Annotation New -Reason 'Ticket 4711' -Path $file
        $entry = Get-PgEdgeAuditEvent -Path $file

        $entry | Format-List | Get-Screen | Select-Object -Skip 1 | Should -BeExactly @(
            'Event    : AnnotationSet'
            'Username : bob'
            'Success  : True'
            'OldValue : Admin'
            'NewValue : New'
            'Reason   : Ticket 4711'
            "Actor    : $($entry.Actor)"
            "Process  : $($entry.Process)"
            "Target   : $file"
        )
    }

    It 'of the history is a table that shows what changed' {
        Set-PgEdgeUser bob -Annotation New -Path $file
        $entry = Get-PgEdgeUserHistory -Path $file

        $actor = $entry.Actor.PadRight(10)
        $entry | Get-Screen | Select-Object -Last 1 | Should -BeLike (
            "{0:yyyy-MM-dd HH:mm:ss} Changed  bob          $actor Annotation: 'Admin' -> 'New'" -f $entry.Time)
    }

    It 'of a user with a generated password shows that there is one, but not which' {
        $user = Set-PgEdgeUser bob -GeneratePassword -Path $file

        $user | Get-Screen | Should -BeExactly @(
            'Username Created          Status   Annotation GeneratedPassword'
            '-------- -------          ------   ---------- -----------------'
            "bob      $(Get-Local '2024-10-15 14:20') Enabled  Admin      ********"
        )
        $user | Format-List | Get-Screen | Should -Contain 'GeneratedPassword : ********'
    }

    It 'of findings is a table with the remedies' {
        Set-UserFile $file "users:`n    bob:`n    carol: {}`n"

        $screen = Test-PgEdgeUserFile $file -Detailed | Get-Screen

        $screen[0] -split ' +' | Should -BeExactly Severity, Line, Id, Message
        $screen[2] | Should -MatchExactly "^Error           2 NullEntry              User 'bob' has no fields"
        $screen -match "^Warning         3 MissingField           The user 'carol' has no username" |
            Should -HaveCount 1
    }

    It 'of a session has its times and no token' {
        $session = New-PgEdgeSession (New-Login alice) -Path $file
        $screen = $session | Get-Screen

        $screen[0] -split ' +' | Should -BeExactly Id, Username, Issued, Expires, Where
        $issued, $expires = $session.IssuedAt, $session.ExpiresAt | ForEach-Object { Get-Local $_.ToUniversalTime() }
        $screen[2] | Should -MatchExactly "^$($session.Id) alice +$issued $expires /"
    }
}

Describe 'Control and format characters' {
    BeforeAll {
        function Assert-Harmless([string] $Screen) {
            $Screen | Should -Not -BeNullOrEmpty
            $Screen | Should -Not -Match '[\p{Cc}\p{Cf}-[\r\n]]'
        }
    }

    It 'are made visible in the views of users, findings and events' {
        $file = New-UserFile
        Edit-UserFile $file Developer '"red \e[31m, \u202Eeverse, two\nlines"'
        Edit-UserFile $file '    bob:' '    "b\e]0;o\u200Bb":'

        $screen = & {
            Get-PgEdgeUser -Path $file
            Get-PgEdgeUser -Path $file | Format-List
            Get-PgEdgeUser -Path $file | Format-Wide
            Test-PgEdgeUserFile $file -MinimumSeverity Information
            Test-PgEdgeUserFile $file -MinimumSeverity Information | Format-List
            New-PgEdgeSession (New-Login "no`e[31mbody`nhere" $Passwords.charlie) -Path $file
            Get-PgEdgeAuditEvent -Path $file | Format-List
            "$(Get-PgEdgeAuditEvent -Path $file)"
        } *>&1 | Get-Screen

        $screen -join "`n" | Should -BeLike '*red \u{1B}`[31m, \u{202E}everse, two\u{A}lines*'
        $screen -like '*b\u{1B}]0;o\u{200B}b*' | Should -Not -HaveCount 0
        $screen -like '*no\u{1B}`[31mbody\u{A}here*' | Should -Not -HaveCount 0
        Assert-Harmless ($screen -join "`n")
    }

    It 'stay as they are in the values of objects' {
        $file = New-UserFile
        Edit-UserFile $file Developer '"red \e[31m, \u202Eeverse, two\nlines"'

        (Get-PgEdgeUser alice -Path $file).Annotation | Should -BeExactly "red `e[31m, `u{202E}everse, two`nlines"
    }

    It 'are made visible in errors, verbose messages and questions' {
        $file = New-UserFile
        Edit-UserFile $file '    bob:' '    "b\e[31mo\u202Eb":'

        $screen = Invoke-Shell @"
Get-PgEdgeUser "no``e[31mbody" -Path '$file'
'b*' | Disable-PgEdgeUser -Path '$file' -WhatIf
'b*' | Remove-PgEdgeUser -Path '$file' -WhatIf
'b*' | Remove-PgEdgeUser -Path '$file'
'b*' | Disable-PgEdgeUser -Path '$file' -Verbose
"@

        $screen -like '*b\u{1B}`[31mo\u{202E}b*' | Should -HaveCount 4
        Assert-Harmless ($screen -join "`n")
    }

    It 'are made visible in a path' -Skip:$IsWindows {
        $file = New-UserFile "e`e[31mv`ail`u{202E}.yaml"
        Edit-UserFile $file 'username: bob' 'username: Bob'
        chmod 640 $file
        Set-UserFile "$file.broken" "users: [a]`n"
        $null = [System.IO.Directory]::CreateDirectory("$file.folder")
        $login = New-Login alice

        foreach ($shown in @(
                { $null = Get-PgEdgeUser -Path $file -Verbose }
                { Get-PgEdgeUser alice -Path $file | Format-List }
                { Get-PgEdgeUserFile $file }
                { $null = Get-PgEdgeUserFile "$file.broken" }
                { Test-PgEdgeUserFile $file -Detailed | Format-List }
                { Get-PgEdgeUser -Path "$file.broken" }
                { Get-PgEdgeUser -Path "$file.no" }
                { Get-PgEdgeUser -Path "nodrive:$file" }
                { New-PgEdgeSession $login -Path $file | Format-List }
                { Get-PgEdgeSession -Path $file | Format-List }
                { Get-PgEdgeAuditEvent -Path $file | Format-List }
                { Enable-PgEdgeUser charlie -Path $file -AuditPath "$file.folder" }
                { $null = Repair-PgEdgeUserFile $file -Verbose }
            )) {
            $WarningPreference = 'Continue'
            $screen = & { try { & $shown } catch { $_ } } *>&1 | Get-Screen

            ($screen -replace '^[ |]+') -join '' |
                Should -BeLike '*e\u{1B}`[31mv\u{7}il\u{202E}.yaml*' -Because "of $shown"
            Assert-Harmless ($screen -join "`n")
        }
    }

    It 'are made visible in a path that -WhatIf shows' -Skip:$IsWindows {
        $file = New-UserFile "e`e[31mv`ail`u{202E}.yaml"
        Edit-UserFile $file 'username: bob' 'username: Bob'

        $screen = Invoke-Shell @"
`$file = Get-ChildItem '$(Split-Path $file)' | ForEach-Object FullName
`$login = [pscredential]::new('alice', [securestring]::new())
New-PgEdgeUser dora -Path `$file -WhatIf
Disable-PgEdgeUser alice -Path `$file -WhatIf
Repair-PgEdgeUserFile `$file -WhatIf
New-PgEdgeSession `$login -Path `$file -WhatIf
Remove-PgEdgeSession -All -Path `$file -WhatIf
"@

        $screen -like 'What if: *e\u{1B}`[31mv\u{7}il\u{202E}.yaml*' | Should -HaveCount 5
        Assert-Harmless ($screen -join "`n")
    }
}
